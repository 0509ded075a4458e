"""Voicing: what comments say on a theme leaves in an adviser's own words, from enough people; the comments never do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.core.access import Actor
from app.core.answers import tidy
from app.core.comments import quoting
from app.core.comments.leaving import Leaves, may_leave
from app.core.comments.review import Paraphrase, decode_paraphrase, encode
from app.core.disclosure.grids import Num
from app.core.plan import Plan
from app.core.refusal import Refused
from app.services import facing, keeping, reviewing
from app.services.keeping import OpenVault
from app.services.launching import own_scan
from app.storage.database import Session, Store
from app.storage.office import audit, comment_themes
from app.storage.office.comment_themes import WHOLE, Row

LANGUAGES = ("nl", "en")
MOST_WORDS = 800
"""Characters of a paraphrase in one language."""
Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Voiced:
    """A theme of the comments as everybody may read it. `people` and those of `parts` (name, people) are published numbers."""

    theme: str
    title: dict[str, str]
    words: dict[str, str]
    people: Num
    parts: tuple[tuple[str, Num], ...]
    released_on: date


@dataclass(frozen=True)
class Theme:
    """How one theme stands before it leaves. `leaves` is None while there are too few people or nothing is reviewed."""

    id: str
    paraphrase: Paraphrase
    leaves: Leaves | None
    released: bool

    @property
    def ready(self) -> bool:
        return self.leaves is not None and self.paraphrase.approved and not self.released


def of_scan(store: Store, *, scan: str) -> list[Voiced]:
    """What comments of a scan said, as released: for results pages, the culture picture and the board."""
    with store.reading() as session:
        rows = comment_themes.of_scan(session, scan)
        plan = _plan(session, scan) if rows else None
    if plan is None:
        return []
    return [
        Voiced(
            theme=row.theme,
            title={"nl": row.title_nl, "en": row.title_en},
            words={language: text for language, text in (("nl", row.words_nl), ("en", row.words_en)) if text},
            people=_num(row),
            parts=tuple(
                (part_name(plan, other.part), _num(other))
                for other in rows
                if other.theme == row.theme and other.part != WHOLE
            ),
            released_on=row.released_on,
        )
        for row in sorted(rows, key=lambda row: (-row.value, row.theme))
        if row.part == WHOLE
    ]


def themes(store: Store, opened: OpenVault, *, scan: str, by: Actor) -> list[Theme]:
    """Every theme that comments were given or that has words, in the order of their ids."""
    plan = reviewing.plan_of(store, scan, by, opened)
    mentions = reviewing.mentions(store, opened, scan)
    leaving = {found.theme: found for found in may_leave(mentions, plan.min_group, parts_of(plan))}
    with store.reading() as session:
        said = {found.theme: found for _, found in _paraphrases(session, opened, scan)}
        out = {row.theme for row in comment_themes.of_scan(session, scan)}
    mentioned = {theme for mention in mentions for theme in mention.themes}
    return [
        Theme(id, said.get(id, Paraphrase(id, {})), leaving.get(id), id in out)
        for id in sorted(mentioned | set(said) | out)
    ]


def paraphrase(
    store: Store,
    opened: OpenVault,
    *,
    scan: str,
    theme: str,
    words: Mapping[str, str],
    approved: bool,
    names: Names,
    by: Actor,
) -> None:
    """Keep what comments on a theme say, sealed; `approved` lets it leave at the next release.

    Raises Refused: "no-theme", "released-already", "too-long", "no-words", "quoted" (with the words that stand in a comment).
    """
    reviewing.plan_of(store, scan, by, opened)
    if theme not in names:
        raise Refused("no-theme", "choose a theme from the list")
    texts = {language: text for language in LANGUAGES if (text := tidy(words.get(language, "")))}
    if any(len(text) > MOST_WORDS for text in texts.values()):
        raise Refused("too-long", f"at most {MOST_WORDS} characters", most=MOST_WORDS)
    if approved:
        _check_words(store, opened, scan, texts)
    with store.office() as session:
        if any(row.theme == theme for row in comment_themes.of_scan(session, scan)):
            raise Refused("released-already", "what was released about this theme can't be changed")
        place = kind(scan)
        earlier = [key for key, found in _paraphrases(session, opened, scan) if found.theme == theme]
        keeping.forget(session, opened, kind=place, keys=earlier)
        kept = encode(Paraphrase(theme, texts, approved))
        keeping.keep(session, organisation=opened.organisation, kind=place, bodies=[kept])


def _check_words(store: Store, opened: OpenVault, scan: str, texts: Mapping[str, str]) -> None:
    if not texts:
        raise Refused("no-words", "write what the comments say before you approve it")
    written = [entry.written for entry in reviewing.entries(store, opened, scan)]
    for text in texts.values():
        quote = quoting.quoted(text, written)
        if quote:
            raise Refused("quoted", f"these words stand in a comment: {quote}", quote=quote)


def release(
    store: Store, opened: OpenVault, *, scan: str, names: Names, by: Actor, now: datetime
) -> list[str]:
    """Let every ready theme leave, for good; gives their ids. Themes that left before stay as they are.

    Raises Refused("nothing-ready").
    """
    ready = [theme for theme in themes(store, opened, scan=scan, by=by) if theme.ready]
    if not ready:
        raise Refused("nothing-ready", "no theme has enough people and approved words yet")
    with store.office() as session:
        row = own_scan(session, scan, by)
        out = {found.theme for found in comment_themes.of_scan(session, scan)}
        fresh = [theme for theme in ready if theme.id not in out]
        comment_themes.add(session, scan, [each for theme in fresh for each in _rows(theme, names, now)])
        left = [theme.id for theme in fresh]
        audit.record(
            session, by=by, now=now, act="release-comment-themes", scan=row.id, detail=", ".join(left)
        )
    return left


def _rows(theme: Theme, names: Names, now: datetime) -> list[Row]:
    assert theme.leaves is not None
    title, words = names.get(theme.id, {}), theme.paraphrase.words

    def row(part: int, people: Num, *, said: bool) -> Row:
        value, low, high = (int(people[end] or 0) for end in ("value", "low", "high"))
        return Row(
            theme=theme.id,
            part=part,
            title_nl=title.get("nl", theme.id),
            title_en=title.get("en", theme.id),
            words_nl=words.get("nl", "") if said else "",
            words_en=words.get("en", "") if said else "",
            value=value,
            low=low,
            high=high,
            released_on=now.date(),
        )

    parts = [row(part, people, said=False) for part, people in theme.leaves.parts.items()]
    return [row(WHOLE, theme.leaves.whole, said=True), *parts]


def parts_of(plan: Plan) -> int:
    """How many parts of 30 invited people or more the scan has."""
    return len(set(facing.prepare(plan.to_json()).comment_parts))


def part_name(plan: Plan, part: int) -> str:
    """The names of the strata that are the part."""
    parts = facing.prepare(plan.to_json()).comment_parts
    return ", ".join(stratum.name for stratum, of in zip(plan.strata, parts, strict=True) if of == part)


def kind(scan: str) -> str:
    """Where paraphrases of a scan lie in the vault."""
    return f"p:{scan}"


def forget(session: Session, *, organisation: int, scan: str) -> None:
    """Drop every paraphrase that lies in the vault, without opening it."""
    keeping.forget_kind(session, organisation=organisation, kind=kind(scan))


def _plan(session: Session, scan: str) -> Plan | None:
    from app.storage.office import scans

    row = scans.get(session, scan)
    return row.settings if row else None


def _paraphrases(session: Session, opened: OpenVault, scan: str) -> list[tuple[bytes, Paraphrase]]:
    return [*keeping.read(session, opened, kind(scan), decode_paraphrase).items()]


def _num(row: Row) -> Num:
    return {"value": row.value, "low": row.low, "high": row.high}
