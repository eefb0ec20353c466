"""What categories, offices and intents are called on buttons, and what to say at their counters.

The German sentence is for showing to the person behind the counter; its translation stands under
it, so that people know what they show.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.texts import N_


@dataclass(frozen=True, slots=True)
class Door:
    """How one kind of office is named, what it does, and what to say and bring there."""

    label: str
    does: str
    german_sentence: str
    sentence: str
    papers: tuple[str, ...]


_PASSPORT = N_("passport or ID card (Reisepass)")
_PERMIT = N_("residence card § 24 or provisional certificate (Fiktionsbescheinigung)")
_LETTERS = N_("letters and decisions you do not understand (Bescheide)")
_REGISTRATION = N_("confirmation of registered address (Meldebescheinigung)")
_LEASE = N_("rental contract or confirmation of your accommodation (Mietvertrag)")
_ACCOUNT = N_("bank account number (IBAN)")
_INSURANCE = N_("health insurance card, if you have one (Gesundheitskarte)")
_CHILD = N_("children's birth certificates (Geburtsurkunde)")

CATEGORY_DOORS: dict[str, Door] = {
    "integration_management": Door(
        N_("Integration manager"),
        N_("They help with letters from authorities, housing, school, work and everyday life."),
        "Guten Tag, ich komme aus der Ukraine und brauche Hilfe vom Integrationsmanagement.",
        N_("Hello, I come from Ukraine and need help from the integration management."),
        (_PASSPORT, _PERMIT, _LETTERS),
    ),
    "initial_counselling": Door(
        N_("First counselling"),
        N_("They listen to your first questions and tell you which office is the right one."),
        "Guten Tag, ich komme aus der Ukraine und möchte mich beraten lassen.",
        N_("Hello, I come from Ukraine and would like some advice."),
        (_PASSPORT, _PERMIT, _LETTERS),
    ),
    "trauma_consultation": Door(
        N_("Psychological help"),
        N_("Here you can talk about what weighs on you. You do not need a diagnosis."),
        "Guten Tag, ich komme aus der Ukraine und möchte einen Termin für ein psychologisches Gespräch.",
        N_("Hello, I come from Ukraine and would like an appointment for a psychological talk."),
        (_INSURANCE,),
    ),
    "helper_training": Door(
        N_("Training for helpers"),
        N_("Courses, advice and support for people who help refugees."),
        "Guten Tag, ich helfe Geflüchteten und interessiere mich für eine Fortbildung.",
        N_("Hello, I help refugees and am interested in a training."),
        (),
    ),
}

OFFICE_DOORS: dict[str, Door] = {
    "general": Door(
        N_("District administration"),
        N_("The central office of your district. They connect you with the right department."),
        "Guten Tag, ich komme aus der Ukraine. Wer ist bei Ihnen für mich zuständig?",
        N_("Hello, I come from Ukraine. Who is responsible for me here?"),
        (_PASSPORT, _PERMIT, _LETTERS),
    ),
    "auslaenderbehoerde": Door(
        N_("Foreigners' office (Ausländerbehörde)"),
        N_("Residence permits, § 24, provisional certificates, moving to another place."),
        "Guten Tag, ich komme aus der Ukraine und habe Fragen zu meiner Aufenthaltserlaubnis nach § 24.",
        N_("Hello, I come from Ukraine and have questions about my residence permit under § 24."),
        (_PASSPORT, _PERMIT, _REGISTRATION),
    ),
    "jobcenter": Door(
        N_("Jobcenter"),
        N_("Money to live on, rent, job search and courses for people who can work."),
        "Guten Tag, ich komme aus der Ukraine und habe Fragen zu Leistungen vom Jobcenter.",
        N_("Hello, I come from Ukraine and have questions about benefits from the Jobcenter."),
        (_PASSPORT, _PERMIT, _LEASE, _ACCOUNT),
    ),
    "sozialamt": Door(
        N_("Social welfare office (Sozialamt)"),
        N_("Money to live on for people who cannot work or are of retirement age."),
        "Guten Tag, ich komme aus der Ukraine und habe Fragen zu Sozialleistungen.",
        N_("Hello, I come from Ukraine and have questions about social benefits."),
        (_PASSPORT, _PERMIT, _LEASE, _ACCOUNT),
    ),
    "buergeramt": Door(
        N_("Citizens' office (Bürgeramt)"),
        N_("Registering your address, certificates, first papers."),
        "Guten Tag, ich möchte meinen Wohnsitz anmelden.",
        N_("Hello, I would like to register my address."),
        (_PASSPORT, _LEASE),
    ),
    "gesundheitsamt": Door(
        N_("Public health office (Gesundheitsamt)"),
        N_("Vaccination advice, certificates, health counselling."),
        "Guten Tag, ich komme aus der Ukraine und brauche eine Beratung vom Gesundheitsamt.",
        N_("Hello, I come from Ukraine and need advice from the public health office."),
        (_PASSPORT, _INSURANCE),
    ),
    "jugendamt": Door(
        N_("Youth welfare office (Jugendamt)"),
        N_("Help for children, teenagers and parents, day care, child support."),
        "Guten Tag, ich komme aus der Ukraine und brauche Hilfe für mein Kind.",
        N_("Hello, I come from Ukraine and need help for my child."),
        (_PASSPORT, _CHILD),
    ),
    "schulamt": Door(
        N_("School authority (Schulamt)"),
        N_("School places and questions about school for children."),
        "Guten Tag, ich suche einen Schulplatz für mein Kind.",
        N_("Hello, I am looking for a school place for my child."),
        (_PASSPORT, _CHILD, _REGISTRATION),
    ),
    "familienkasse": Door(
        N_("Family benefits office (Familienkasse)"),
        N_("Child benefit and child supplement."),
        "Guten Tag, ich habe Fragen zum Kindergeld.",
        N_("Hello, I have questions about child benefit."),
        (_PASSPORT, _PERMIT, _CHILD),
    ),
    "arbeitsagentur": Door(
        N_("Employment agency (Agentur für Arbeit)"),
        N_("Job search, training and career advice."),
        "Guten Tag, ich komme aus der Ukraine und suche Arbeit.",
        N_("Hello, I come from Ukraine and am looking for work."),
        (_PASSPORT, _PERMIT),
    ),
    "pflegestuetzpunkt": Door(
        N_("Care advice centre (Pflegestützpunkt)"),
        N_("Free advice on caring for the elderly and the ill."),
        "Guten Tag, ich brauche eine Beratung zur Pflege.",
        N_("Hello, I need advice on care."),
        (_INSURANCE,),
    ),
    "consulate": Door(
        N_("Consulate of Ukraine"),
        N_("Ukrainian passports and consular papers."),
        "Guten Tag, ich brauche ukrainische Papiere.",
        N_("Hello, I need Ukrainian papers."),
        (_PASSPORT,),
    ),
    "other": Door(
        N_("Another office"),
        N_("Office of your district."),
        "Guten Tag, ich komme aus der Ukraine und brauche Hilfe.",
        N_("Hello, I come from Ukraine and need help."),
        (_PASSPORT, _PERMIT),
    ),
}

INTENT_LABELS: dict[str, str] = {
    "find_integration_manager": N_("Someone who helps me with papers and offices"),
    "find_trauma_support": N_("Psychological help"),
    "find_helper_training": N_("Training for helpers"),
    "find_other_office": N_("Address or phone of an office"),
    "ask_opening_hours": N_("Opening hours"),
    "ask_contact": N_("Phone and address"),
    "book_reminder": N_("A date to come"),
    "talk_to_human": N_("Talk to a person"),
    "ask_bot": N_("What can this bot do?"),
    "ask_privacy": N_("What happens to my data?"),
    "delete_my_data": N_("Delete my data"),
    "change_language": N_("Another language"),
    "feedback_negative": N_("Something is wrong here"),
    "inform_place": N_("Say where I live"),
    "crisis": N_("I need urgent help"),
    "report_violence": N_("Someone hurts or threatens me"),
}
"""Labels of intents without an answer of the knowledge base (those bring their own titles)."""

REGIONS: dict[str, str] = {
    "stuttgart": N_("Region of Stuttgart"),
    "karlsruhe": N_("Region of Karlsruhe"),
    "freiburg": N_("Region of Freiburg"),
    "tuebingen": N_("Region of Tübingen"),
}
"""The four Regierungsbezirke."""


def door(category: str, office_kind: str = "") -> Door:
    """The door of a category or, for `other_office`, of its kind."""
    if category == "other_office":
        return OFFICE_DOORS.get(office_kind, OFFICE_DOORS["other"])
    return CATEGORY_DOORS[category]
