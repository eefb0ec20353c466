"""Every button under a message does what it says, and stops spinning."""

from tests.e2e.parts import Stack
from tests.e2e.reading import card_id, words

SOURCE = "Source: {names}; as of {day}."


async def test_the_next_offer_is_another_one_and_leads_round(deaf: Stack) -> None:
    person = deaf.person(language="uk")
    person.press_data("find:integration_management")
    await person.reply()
    seen = [card_id((await person.asks("Heidelberg")).last)]
    while (shown := card_id((await person.chooses(words("uk", "➡️ Another one"))).last)) not in seen:
        seen.append(shown)
    assert len(seen) > 1
    assert shown == seen[0]


async def test_the_map_is_a_link_without_any_mark_of_who_asks(deaf: Stack) -> None:
    person = deaf.person(language="uk")
    person.press_data("find:other_office:general")
    await person.reply()
    card = await person.asks("Heidelberg")
    (url,) = [button["url"] for button in card.last.buttons if "url" in button]
    assert url.startswith("https://www.openstreetmap.org/search?query=")
    assert str(person.id) not in url


async def test_menu_language_offices_and_questions_open(deaf: Stack) -> None:
    person = deaf.person(language="de")
    await person.asks("/start")
    offices = await person.chooses(words("de", "🏛 Offices"))
    assert words("de", "Jobcenter") in offices.labels
    menu = await person.chooses(words("de", "☰ Menu"))
    assert words("de", "🧭 Integration manager") in menu.labels
    questions = await person.chooses(words("de", "❓ Questions"))
    assert len(questions.last.buttons) > 5
    assert words("de", SOURCE, names="", day="")[:6] in await person.chooses(questions.labels[0])
    await person.chooses(words("de", "☰ Menu"))
    choice = await person.chooses(words("de", "🌐 Language"))
    assert "Українська" in choice.labels


async def test_urgent_help_is_two_taps_away(deaf: Stack) -> None:
    person = deaf.person(language="ru")
    await person.asks("/start")
    urgent = await person.chooses(words("ru", "🆘 Urgent help"))
    assert "112" in urgent
    lines = await person.chooses(words("ru", "Someone hurts or threatens me"))
    assert "116016" in lines.text.replace(" ", "")


async def test_a_button_stops_spinning_before_its_answer_comes(deaf: Stack) -> None:
    person = deaf.person()
    hold = deaf.api.hold_next("sendMessage")
    person.press_data("menu")
    await hold.reached.wait()
    spinning = set(deaf.api.methods.open_queries)
    hold.release()
    await person.reply()
    assert not spinning


async def test_a_button_of_an_older_version_leads_to_the_menu(deaf: Stack) -> None:
    for data in (
        "gone:1",
        "find",
        "find:nothing",
        "offer:::x",
        "at:99999",
        "region:atlantis",
        "lang:xx",
        ":",
    ):
        person = deaf.person(language="de")
        person.press_data(data)
        answer = await person.reply()
        assert answer.last.buttons, data
