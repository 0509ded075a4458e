"""What a column holds: its name and cells enter, a field of a card leaves, or that it is never taken over."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

FIELDS = (
    "date",
    "quarter",
    "month",
    "year",
    "categories",
    "themes",
    "unit",
    "contact",
    "reporter",
    "source",
    "route",
    "note",
    "number",
    "nickname",
    "continues",
    "agrees",
)
"""`number` joins the rows of one reporter and is then dropped; of a date only the quarter stays."""
SEVERAL = frozenset({"categories", "themes", "note"})
"""Fields that more than one column may fill."""
PERSONAL = "personal"
"""A column with names, addresses or an accused: never taken over, whatever anybody chooses."""

_ROLE = r"(rol|functie|functiegroep|relatie|soort|type|role|relation|kind)"
_PERSON = re.compile(
    r"\b((voor|achter|roep)?namen|(voor|achter|roep)?naam|names?|surname|e ?mail\w*|mailadres|telefoon\w*|tel|tel nr|"
    r"mobiel\w*|phone\w*|mobile|adres\w*|address\w*|woonplaats|postcode|geboorte\w*|birth\w*|date of birth|leeftijd|bsn|iban|"
    r"personeels ?(nr|nummer)|medewerker ?s? ?(nr|nummer)|employee (no|number|id)|staff (no|number|id))\b"
)
_ACCUSED = re.compile(
    r"\b(beschuldigde\w*|beklaagde\w*|aangeklaagde\w*|dader\w*|pleger\w*|verdachte\w*|wederpartij|accused|perpetrators?|offenders?|"
    r"suspects?|alleged\w*|getuigen?|witness\w*)\b"
)
_UNIT = (
    r"afdelings?\w*|locaties?|teams?|units?|eenheid|dienst|sector|cluster|vestiging|organisatie ?onderdeel|onderdeel|"
    r"departments?|divisions?|locations?|sites?"
)

# In this order: the first whose words are in the name. "Datum melding" is a date, "functie melder" a role.
_WORDS: tuple[tuple[str, str], ...] = (
    ("nickname", r"schuilna(am|men)\w*|bijnaam|bijnamen|nickname"),
    (
        "continues",
        r"vervolg op eerder\w*|zelfde melder|hoort bij eerder\w*|continues|same reporter|earlier card",
    ),
    ("agrees", r"akkoord|toestemming|instemming|melder akkoord|agrees|consent"),
    (
        "number",
        r"(melder|client|clienten|casus|dossier|zaak|case|reporter|file) ?s? ?(nr|nummer|no|number|id|code)|casus|dossier",
    ),
    ("quarter", r"kwartaal|kwartalen|quarters?|kw|periode|period"),
    ("date", r"\w*datum|dates?|wanneer|when|gemeld op|ontvangen op|received|dag"),
    ("month", r"maand|months?"),
    ("year", r"jaar|jaartal|years?|boekjaar"),
    (
        "contact",
        r"contact ?vorm|(soort|type|aard|vorm) (van )?(het )?(contact|gesprek)|kind of contact|contact\w*|"
        r"wijze van (melden|contact)|gesprek",
    ),
    (
        "source",
        rf"bron|veroorzaker|herkomst|{_ROLE} .*(beschuldigde|dader|veroorzaker|pleger|accused|offender)\w*|relatie\w*|source\w*|"
        r"gedrag van|behaviour (of|by)|door wie|by whom",
    ),
    (
        "reporter",
        rf"{_ROLE} ?(van)? ?(de|het|of)? ?(the)? ?(melder|reporter)|melder|functies?|functiegroep|hoedanigheid|reporters?|"
        r"role|dienstverband",
    ),
    ("themes", r"thema s|thema\w*|themes?|onderwerp\w*|patroon|patronen|topics?"),
    (
        "categories",
        r"categorie\w*|categor(y|ies)|"
        r"(soort|type|aard|vorm) ?(van)? ?(de|het|of)? ?(melding|signaal|ongewenst\w*|gedrag|report|signal)|aard|"
        r"ongewenst gedrag|grensoverschrijdend gedrag|soort|type",
    ),
    (
        "route",
        r"routes?|vervolg\w*|afhandeling|acties?|uitkomst|resultaat|verwezen\w*|doorverw\w+|verwijzing|follow up|outcome|"
        r"handling|actions?|referral",
    ),
    ("unit", rf"{_UNIT}|waar|where|werkplek|broad unit"),
    (
        "note",
        r"toelichting\w*|opmerking\w*|notities?|omschrijving|beschrijving|inhoud|samenvatting|notes?|remarks?|comments?|description|"
        r"bijzonderheden|memo|explanation",
    ),
)
_COMPILED = tuple((field, re.compile(rf"\b({words})\b")) for field, words in _WORDS)
_ENDING = re.compile(r"\b(afhandel\w*|eind\w*|sluit\w*|afgesloten|afgerond|closed?|end)\b")
_LONGEST_NAME = 60
_EMAIL = re.compile(r"\S+@\S+\.\w{2,}")


def plain(text: str) -> str:
    """Small letters without accents, signs as single spaces: how names are compared."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(each for each in letters if not unicodedata.combining(each))
    return re.sub(r"[\W_]+", " ", letters).strip()


@lru_cache(maxsize=4096)
def recognised(name: str) -> str | None:
    """The field that a column of this name holds, PERSONAL, or None when the name says nothing."""
    if not name or len(name) > _LONGEST_NAME:
        return None
    words = plain(name)
    if re.search(rf"\b({_UNIT})\b", words) and not _ACCUSED.search(words) and "mail" not in words:
        without_unit = re.sub(rf"\b({_UNIT}|naam|name)\b", " ", words)
        return PERSONAL if _PERSON.search(without_unit) else _field(words)
    if _ACCUSED.search(words) and not re.search(rf"\b{_ROLE}\b", words):
        return PERSONAL
    if _PERSON.search(words) and not re.search(r"\b(schuilna(am|men)|bijnaam|nickname)\b", words):
        return PERSONAL
    return _field(words)


def _field(words: str) -> str | None:
    for field, pattern in _COMPILED:
        if pattern.fullmatch(words):
            return field
    for field, pattern in _COMPILED:
        if pattern.search(words):
            return field
    return None


def takes_nothing(name: str, cells: Sequence[str]) -> bool:
    """Whether a column may never be taken over: by its name, or because many of its cells are e-mail addresses."""
    if recognised(name) == PERSONAL:
        return True
    return bool(cells) and 2 * sum(bool(_EMAIL.search(cell)) for cell in cells) > len(cells)


def suggest(names: Sequence[str], columns: Sequence[Sequence[str]]) -> list[str]:
    """A field for each column; "" for one that is not taken over, PERSONAL for one that never is."""
    found: list[str] = []
    for name, cells in zip(names, columns, strict=True):
        personal = takes_nothing(name, cells)
        found.append(PERSONAL if personal else (recognised(name) or "") if cells else "")
    for field in FIELDS:
        places = [at for at, each in enumerate(found) if each == field]
        if len(places) > 1 and field not in SEVERAL:
            best = min(places, key=lambda at: (*_less_likely(field, names[at]), -len(columns[at])))
            for at in places:
                found[at] = field if at == best else ""
    if "date" in found or "quarter" in found:
        _drop_second_times(found)
    return found


def _less_likely(field: str, name: str) -> tuple[bool, bool]:
    words = plain(name)
    exact = any(each == field and pattern.fullmatch(words) for each, pattern in _COMPILED)
    return bool(_ENDING.search(words)), not exact


def _drop_second_times(found: list[str]) -> None:
    """A date says the quarter by itself; a column of quarters keeps its column of years."""
    for at, field in enumerate(found):
        if field == "month" or ("date" in found and field in ("quarter", "year")):
            found[at] = ""
