"""Words around a place name, and words that only look like one.

All sets hold lower-case words; names ending in `_STARTS` hold beginnings of words, because Ukrainian and
Russian verbs change their endings.
"""

from __future__ import annotations

from gazetteer.files import rows

IN = frozenset("в у во ув уві in im на v u вo".split())
FROM = frozenset("из з із зі со с от від од от aus von vom iz z vid ot родом".split())
NEAR = frozenset(
    "біля возле около рядом неподалік недалеко поблизу вблизи коло під под близко близько bei beim nahe nähe"
    " окрестностях окраине околиці околицях передмісті пригороде поруч bilya vozle kolo".split()
)
TO = frozenset("до к ко nach zum zu do k".split())
PREPOSITIONS = IN | FROM | NEAR | TO
TOWN_WORDS = frozenset(
    "місті місто міста городе город города городку містечку містечко селі село селе деревне деревня stadt gemeinde"
    " raum".split()
)
BRIDGES = TOWN_WORDS | frozenset(
    "der den dem gebiet die das г м с от від до за von зі из районе районі область сам самом самому"
    " прямо тут здесь уже вже".split()
)
"""Words that may stand between a preposition and the name."""

LIVE_STARTS = (
    "живу живем живём живе живо живё мешка прожива zhiv zhyv zhive wohne wohnt wohnen lebe leben lebt посели оселил"
    " розмістил разместил находи находя знаход зареєстр зарегистр прописан прописк остановил зупинил снима зніма"
    " орендує арендуе осели обосновал untergebracht unterkunft gemeldet angemeldet ansässig лагер табор табір"
    " гуртожит общежит приют хайм"
).split()
PAST_STARTS = (
    "жил раньше раніше спочатку сначала сперва früher wohnte gewohnt gelebt колись когда-то были було".split()
)
PAST = frozenset("жив жили жила був була були был была war waren zuerst".split())
NOW = frozenset(
    "сейчас зараз теперь тепер jetzt zurzeit nun aktuell сегодня сьогодні seit zaraz seychas".split()
)
MOVE_STARTS = (
    "бежа сбежа убежа втек втік тіка утік утек приех приїх прибул прибы перее переїх эваку еваку выех виїх уех"
    " поїхал вибра выбра добир доїх geflohen geflücht gekommen gezogen umgezogen umzieh zieh flucht floh перевез перевел"
    " стам stamm"
).split()
TRAVEL_STARTS = (
    "работ працю робот роботу arbeit учус учит учим учёб учеб вчус вчит вчим навча навчан школ шкіл schul їзд їжд ізд"
    " езд езж еду едем їду їдем fahr термин термін termin поезд поїзд zug отправ направ відправ больниц лікарн"
    " klinik krankenhaus врач лікар arzt универ універ uni курс kurs ходи ходж хочу хотим хотіл планир плану möchte"
    " поїхат поехат минут хвилин minuten"
).split()
LATIN_TYPED_HINTS = frozenset(
    "ya v iz z vo my mi zhivu zhyvu jivu zhivem zhyvemo zivu privet pryvit zdravstvuyte dobryi dobryy dobriy dobrogo"
    " potriben potribna nuzhen nuzhna shukayu ischu ishchu pid pod bilya vozle gde".split()
)
"""Words only a Ukrainian or Russian speaker types in Latin letters ("my" aside, which German does not know)."""
SELF = frozenset("я ми мы ich wir ya my".split())
RELATIVE_STARTS = (
    "сестр брат подруг подруз друг друз родител родич батьк мама мамо мать матер матір тато отец отца дядя тітк тет"
    " бабус бабуш schwester bruder freund eltern mutter vater onkel tante oma мужа чоловіка знаком"
).split()
AND = frozenset("и і й та або или чи oder und либо y".split())
NOT = frozenset("не nicht нет ні kein nie".split())
LIVE, PAST_VERBS, MOVE = tuple(LIVE_STARTS), tuple(PAST_STARTS), tuple(MOVE_STARTS)
TRAVEL, RELATIVE = tuple(TRAVEL_STARTS), tuple(RELATIVE_STARTS)
TURNS = frozenset("а але но зато however aber und sondern та jedoch однак".split())
"""Words that begin a new thought: what was said before them is not about the place after them."""

DISTRICT_MARKS = (
    "landkreis", "kreis", "lkr", "lk", "landkreises", "район", "окру", "ландкр", "крайс", "повіт", "lankreis", "rajon",
    "raion", "rayon",
)  # fmt: skip
CITY_MARKS = ("stadtkreis", "stadt", "місто", "місті", "міста", "город", "штадткр", "міськ", "misto", "gorod")
STREETS = (
    "str",
    "platz",
    "weg",
    "allee",
    "gasse",
    "hof",
    "ring",
    "tor",
    "damm",
    "ufer",
    "вул",
    "ул",
    "штрас",
)
POSTAL_MARKS = ("plz", "postleitzahl", "індекс", "индекс", "пошт", "почт", "index", "d")
MONEY = ("евро", "євро", "euro", "eur", "грн", "uah", "гривен", "рубл", "usd", "долар", "доллар", "€", "$")

FUNCTION_WORDS = (
    PREPOSITIONS
    | NOT
    | frozenset(
        "я ти ты він он ми мы ви вы вони они і и та або или чи но що что хто кто де где як как це это мене меня мій мой"
        " моя моє моё мне мені нам вам їх их є есть тут там ich du er sie wir ihr und oder ist bin sind mein meine ein"
        " eine der die das den dem es zu mit für auf an am от по за о про об со so da wo was wie wer ja же ж б бы би ли"
        " на над при для без через під".split()
    )
)


def not_place_rules() -> dict[str, str]:
    """Words that look like places: `never` (never one) or `context` (only with a word that says so)."""
    return {row["word"].lower(): row["rule"] for row in rows("not_places") if row["rule"] != "region"}
