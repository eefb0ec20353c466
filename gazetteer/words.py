"""Words around a place name, and words that only look like one. All in lower case.

Ukrainian and Russian verbs change their endings, therefore some groups hold beginnings of words.
"""

from __future__ import annotations

from gazetteer.files import rows


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _starts(text: str) -> tuple[str, ...]:
    """For `str.startswith`."""
    return tuple(text.split())


IN = _set("im in u v в вo во на у ув уві")
FROM = _set("aus iz ot vid vom von z від з зі из од от родом с со із")
NEAR = _set(
    "bei beim bilya kolo nahe nähe vozle близко близько біля вблизи возле коло недалеко неподалік "
    "околицях околиці около окраине окрестностях передмісті поблизу под поруч пригороде під рядом"
)
TO = _set("do k nach zu zum до к ко")
PREPOSITIONS = IN | FROM | NEAR | TO
TOWN_WORDS = _set(
    "gemeinde raum stadt город города городе городку деревне деревня міста містечко містечку місто "
    "місті селе село селі"
)
BRIDGES = TOWN_WORDS | _set(
    "das dem den der die gebiet von вже від г до за здесь зі из м область от прямо районе районі с сам "
    "самом самому тут уже"
)
"""Words that may stand between a preposition and the name."""

LIVE = _starts(
    "живу живем живём живе живо живё мешка прожива zhiv zhyv zhive wohne wohnt wohnen lebe leben lebt "
    "посели оселил розмістил разместил находи находя знаход зареєстр зарегистр прописан прописк "
    "остановил зупинил снима зніма орендує арендуе осели обосновал untergebracht unterkunft gemeldet "
    "angemeldet ansässig лагер табор табір гуртожит общежит приют хайм"
)
"""Living or being housed somewhere."""
OFFICE = _starts(
    "amt ausländer auslaender beratung bürger buerger caritas diakonie gesundheitsamt integration jobcent "
    "jugendamt kinderg kita landrats manager psycholog psychother rathaus schulamt sozial tafel trauma "
    "амт аусланд аусленд бератунг джобцент дитсад інтеграц интеграц карітас каритас консуль консульт ландрат "
    "ляндрат менеджер психолог психотер ратуш садок соц тафель травм школ"
)
"""Offices and help: a name right beside one of these is the town it is in."""
PAST_VERBS = _starts(
    "жил раньше раніше спочатку сначала сперва früher wohnte gewohnt gelebt колись когда-то были було"
)
PAST = _set("war waren zuerst був була були был была жив жила жили")
NOW = _set("aktuell jetzt nun seit seychas zaraz zurzeit зараз сегодня сейчас сьогодні тепер теперь")
MOVE = _starts(
    "бежа сбежа убежа втек втік тіка утік утек приех приїх прибул прибы перее переїх эваку еваку выех "
    "виїх уех поїхал вибра выбра добир доїх geflohen geflücht gekommen gezogen umgezogen umzieh zieh "
    "flucht floh перевез перевел стам stamm"
)
"""Coming from one place to another."""
WORK = _starts(
    "работаю работаем работает працюю працюємо працює arbeite arbeiten arbeitet учусь вчуся навчаюся"
)
"""Being somewhere every day without living there."""
REGISTERED = _starts("зареєстрован прописан зарегистрирован gemeldet angemeldet")
"""Having one's registered address there: it decides which office is responsible."""
TRAVEL = _starts(
    "работ працю робот роботу arbeit учус учит учим учёб учеб вчус вчит вчим навча навчан школ шкіл "
    "schul їзд їжд ізд езд езж еду едем їду їдем fahr термин термін termin поезд поїзд zug отправ "
    "направ відправ больниц лікарн klinik krankenhaus врач лікар arzt универ універ uni курс kurs ходи "
    "ходж хочу хотим хотіл планир плану möchte поїхат поехат минут хвилин minuten"
)
"""Going somewhere for work, school, a doctor or an office; wishing to."""
RELATIVE = _starts(
    "сестр брат подруг подруз друг друз родител родич батьк мама мамо мать матер матір тато отец отца "
    "дядя тітк тет бабус бабуш schwester bruder freund eltern mutter vater onkel tante oma мужа "
    "чоловіка знаком"
)
"""Whoever is there is somebody else."""
SELF = _set("ich my wir ya ми мы я")
AND = _set("oder und y або и или й либо та чи і")
NOT = _set("kein nicht nie не нет ні")
TURNS = _set("aber however jedoch sondern und а але зато но однак та")
"""Words that begin a new thought: what was said before them is not about the place after them."""
LATIN_TYPED_HINTS = _set(
    "bilya dobriy dobrogo dobryi dobryy gde ischu ishchu iz jivu mi my nuzhen nuzhna pid pod potriben "
    "potribna privet pryvit shukayu v vo vozle ya z zdravstvuyte zhivem zhivu zhyvemo zhyvu zivu"
)
"""Words of Ukrainian and Russian as typed in Latin letters; none of them is German."""

DISTRICT_MARKS = _starts("landkreis kreis lkr район окру ландкр крайс повіт lankreis rajon raion rayon")
CITY_MARKS = _starts("stadtkreis stadt місто місті міста город штадткр міськ misto gorod")
POSTAL_MARKS = _starts("plz postleitzahl індекс индекс пошт почт index")
MONEY = _starts("евро євро euro eur грн uah гривен рубл usd долар доллар")

FUNCTION_WORDS = (
    PREPOSITIONS
    | NOT
    | _set(
        "am an auf bin da das dem den der die du ein eine er es für ich ihr ist ja mein meine mit oder sie "
        "sind so und was wer wie wir wo або б без би бы вам ви вони вы він где де для есть ж же за и или их "
        "как кто ли мене меня мені ми мне мой моя моё моє мы мій над нам но о об он они по при про та там "
        "ти тут ты хто це через чи что що это я як є і їх"
    )
)
"""No name ends in one of these, and none is a misspelt name."""


def not_place_rules() -> dict[str, str]:
    """Words that look like places: `never` (never one) or `context` (only with a word that says so)."""
    return {row["word"].lower(): row["rule"] for row in rows("not_places") if row["rule"] != "region"}
