"""What may stand in a field of the directory. Every message is plain German, for staff."""

from __future__ import annotations

import re
from functools import cache

import phonenumbers
from django.core.exceptions import ValidationError

from gazetteer.districts import districts
from gazetteer.files import rows
from services_directory import hours

_SHORT_CODE = re.compile(r"11[0-9]{1,4}")
_PUBLIC_ID = re.compile(r"[a-z0-9]{1,12}")
_SOURCE_DATE = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_ADDRESSED_PERSON = re.compile(r"\b(Frau|Herrn?)\s+(Dr\.\s+)?[A-ZÄÖÜ]")
_TWO_NAMES = re.compile(r"[a-zäöüß]+[._][a-zäöüß]+(-[a-zäöüß]+)?")
_WORD_OF_AN_OFFICE = re.compile(
    "amt|anlauf|arbeit|asyl|aufnahme|ausl|behoerde|beratung|betreuung|bildung|buero|buerger|caritas|center"
    "|diakonie|dienst|ehrenamt|familie|flucht|fluecht|frau|gesundheit|hilfe|hotline|info|integration|jobcenter"
    "|jugend|kontakt|konsulat|kreis|landrat|mail|migration|office|pflege|post|projekt|psycho|psz|rathaus|referat"
    "|refugio|sekretariat|service|sozial|sprech|stadt|stelle|team|therapie|trauma|ukraine|verein|verwaltung"
    "|welcome|wohn|zentrale|zentrum"
)


def validate_public_id(value: str) -> None:
    """Lower-case letters and digits, one to twelve: it travels in buttons and links."""
    if not _PUBLIC_ID.fullmatch(value):
        raise ValidationError("Die Kennung hat 1 bis 12 Zeichen, nur a-z und 0-9.")


def validate_phone(value: str) -> None:
    """E.164 and a number that exists in its country's plan, or a German short code such as 115."""
    if _SHORT_CODE.fullmatch(value):
        return
    if not value.startswith("+") or not value[1:].isdigit():
        raise ValidationError(f"Telefonnummer bitte mit Ländervorwahl und ohne Leerzeichen: {_e164(value)}")
    if not _is_assigned(value):
        raise ValidationError(f"Diese Telefonnummer kann es nicht geben: {value}")


def _is_assigned(value: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(value, None))
    except phonenumbers.NumberParseException:
        return False


def _e164(value: str) -> str:
    """The number as it should have been written, or an example."""
    try:
        number = phonenumbers.parse(value, "DE")
    except phonenumbers.NumberParseException:
        return "+497131560"
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def validate_opening_hours(value: str) -> None:
    """OpenStreetMap syntax, limited to what `services_directory.hours` can compute."""
    problem = hours.problem(value)
    if problem:
        raise ValidationError(problem)


def validate_district_ags(value: str) -> None:
    """Five digits of one of the 44 districts."""
    if value not in districts():
        raise ValidationError(f"Kein Stadt- oder Landkreis in Baden-Württemberg hat den Schlüssel {value}.")


def validate_area_ags(value: str) -> None:
    """A district (five digits) or a municipality (eight digits) of the Land."""
    if not re.fullmatch(r"\d{5}(\d{3})?", value):
        raise ValidationError(f"Ein Gebietsschlüssel hat 5 oder 8 Ziffern, nicht „{value}“.")
    validate_district_ags(value[:5])


def validate_postal_code(value: str) -> None:
    """Five digits. Whether it lies in the district is a question for `postal_code_doubt`."""
    if not re.fullmatch(r"\d{5}", value):
        raise ValidationError("Eine Postleitzahl hat fünf Ziffern.")


def validate_source_date(value: str) -> None:
    """As precise as the source is: a year, a month or a day."""
    if not _SOURCE_DATE.fullmatch(value):
        raise ValidationError("Stand bitte als 2025, 2025-03 oder 2025-03-14.")


def validate_language_code(value: str) -> None:
    """ISO 639: "uk", "ru", "de"."""
    if not _LANGUAGE.fullmatch(value):
        raise ValidationError(f"Sprache bitte als ISO-Kürzel (uk, ru, de), nicht „{value}“.")


def validate_impersonal_email(value: str) -> None:
    """An office's mailbox, not one person's: the directory holds no personal data."""
    local, _, domain = value.lower().partition("@")
    if not _TWO_NAMES.fullmatch(local) or _WORD_OF_AN_OFFICE.search(local):
        return
    if any(part in domain for part in re.split(r"[._-]", local) if len(part) > 2):
        return
    raise ValidationError(
        "Das sieht nach der Adresse einer einzelnen Person aus. Bitte ein Amtspostfach angeben."
    )


def validate_impersonal_text(value: str) -> None:
    """Names of staff change and are personal data: offices are named, people are not."""
    if _ADDRESSED_PERSON.search(value):
        raise ValidationError("Bitte keine Namen von Personen, nur die Stelle.")


def postal_code_doubt(postal_code: str, district_ags: str) -> str:
    """Say in German why a postal code may be wrong for a district; empty when it is right.

    A doubt and no error: post-box codes and codes of large customers are in no gazetteer.
    """
    homes = _districts_by_postal_code().get(postal_code, frozenset())
    if not homes:
        return f"Postleitzahl {postal_code} ist im Ortsverzeichnis von Baden-Württemberg nicht zu finden."
    if district_ags and not any(_is_at_home(ags, district_ags) for ags in homes):
        names = ", ".join(sorted(districts()[ags].name_de for ags in homes))
        return f"Postleitzahl {postal_code} liegt in {names}, nicht in {districts()[district_ags].name_de}."
    return ""


def _is_at_home(ags: str, district_ags: str) -> bool:
    """Whether a place of the first district is in the second, or in the city where that one has its seat."""
    return ags == district_ags or districts()[ags].seat == districts()[district_ags].seat


@cache
def _districts_by_postal_code() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows("postal_codes"):
        found.setdefault(row["postal_code"], set()).add(row["ags"])
    return {code: frozenset(homes) for code, homes in found.items()}
