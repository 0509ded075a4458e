"""Pictures in words: a release enters, the sentence and the table that stand beside each picture leave;
nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core import noticed
from app.render import numbers, reasons
from app.render.numbers import Num
from app.render.reading import INCIDENCE, MEAN, Group, Item, Reading, Scale
from app.render.texts import speak

MOST_IN_WORDS = 8
ROWS = 40
JOINED = "joined"


@dataclass(frozen=True)
class Table:
    """Numbers as text: a caption, column heads and rows; the first column names the row, the rest line up as
    numbers.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Described:
    """What a picture says, for those who can't see it and for those who want the numbers."""

    title: str
    alt: str
    table: Table


def numbered(found: Described, place: int, all: int, language: str) -> Described:
    """With its place in the title where a picture was cut into several, so that each has a name of its own."""
    if all < 2:
        return found
    _ = speak(language)
    return replace(found, title=_("{title}, {place} of {all}", title=found.title, place=place, all=all))


def of_kind(reading: Reading, kind: str) -> tuple[Scale, ...]:
    return tuple(scale for scale in reading.scales if scale.kind == kind)


def subjects(reading: Reading) -> tuple[Scale, ...]:
    """Scales with a score that say something of the organisation, not of an update of the board.

    Those that ask whether an update is noticed have three answers, too few for shares beside a score.
    """
    return tuple(scale for scale in of_kind(reading, MEAN) if noticed.update_of(scale.id) is None)


def count(group: Group, language: str) -> str:
    return numbers.answers(group.n, language) if group.n else speak(language)("not shown")


def said_by(group: Group, scale: Scale, language: str) -> str:
    """How many of a group answered the questions of this scale, which can be fewer than answered at all."""
    n = group.scales.get(scale.id, {}).get("n") or group.n
    return numbers.answers(n, language) if n else speak(language)("not shown")


def parts(groups: Sequence[Group]) -> tuple[tuple[Group, ...], ...]:
    """Groups in stretches that a picture can hold: at most forty, cut where a large branch begins if one
    does. Units that were joined are left out: the group they were joined in stands for them.
    """
    found: list[list[Group]] = [[]]
    for group in (group for group in groups if group.reason_id != JOINED):
        last = found[-1]
        if len(last) >= ROWS or (len(last) >= ROWS * 2 // 3 and group.depth <= 1):
            last = []
            found.append(last)
        last.append(group)
    return tuple(tuple(part) for part in found if part)


def headline_words(reading: Reading, group: Group, scale: Scale) -> str:
    """The number of a scale in a group with its band, or why there is none."""
    _ = speak(reading.language)
    num = reading.headline(group, scale)
    if num is None:
        return _("not shown")
    band = group.scales[scale.id].get("people")
    if band:
        return _("{low} to {high} people", low=band[0], high=band[1])
    return numbers.words(num, reading.language, reading.kind_of(scale))


def sure(group: Group, scale: Scale, language: str) -> str:
    ends = group.scales.get(scale.id, {}).get("interval")
    return numbers.interval(ends, language) if ends else "–"


def overview(reading: Reading, group: Group) -> Described:
    """Scores of one group, one scale a row."""
    _ = speak(reading.language)
    scales = of_kind(reading, MEAN)
    said = "; ".join(
        f"{scale.title} {headline_words(reading, group, scale)}, {sure(group, scale, reading.language)}"
        if reading.headline(group, scale)
        else _("{scale} not shown", scale=scale.title)
        for scale in scales
    )
    table = Table(
        _("Scores of {group}, from 0 to 100", group=group.name),
        (_("Subject"), _("Score"), _("How sure"), _("Answers")),
        tuple(
            (
                scale.title,
                headline_words(reading, group, scale),
                sure(group, scale, reading.language),
                count(group, reading.language)
                if reading.headline(group, scale)
                else reading.missing(group, scale)[1],
            )
            for scale in scales
        ),
    )
    title = _("Scores per subject")
    alt = _(
        "{group}, {n}. Scores from 0 to 100: {said}.",
        group=group.name,
        n=count(group, reading.language),
        said=said,
    )
    return Described(title, alt, table)


def incidence(reading: Reading, group: Group) -> Described | None:
    """Shares “at least once” of one group; None when the instrument asks for none."""
    scales = of_kind(reading, INCIDENCE)
    if not scales:
        return None
    _ = speak(reading.language)
    rows = tuple(
        (
            scale.title,
            headline_words(reading, group, scale),
            count(group, reading.language)
            if reading.headline(group, scale)
            else reading.missing(group, scale)[1],
        )
        for scale in scales
    )
    said = "; ".join(f"{row[0]}: {row[1]}" for row in rows)
    return Described(
        _("How many people, at least once"),
        _("{group}, {n}. Share of people, at least once: {said}.", group=group.name,
          n=count(group, reading.language), said=said),
        Table(
            _("Share of people in {group}, at least once", group=group.name),
            (_("Subject"), _("Share of people"), _("Answers")),
            rows,
        ),
    )  # fmt: skip


def _no_shares(reading: Reading, group: Group) -> str:
    """Why a group has no shares: too small for them, or else withheld, or asked without favourable answers."""
    _ = speak(reading.language)
    large = group.n is not None and group.n["low"] >= reasons.SHARES_FROM
    return _("not shown") if large else _("shown from 30 answers up")


def _share_row(reading: Reading, label: str, found: object, why: str) -> tuple[str, ...]:
    shares = three(found)
    if shares is None:
        return (label, why, "", "")
    return (label, *(numbers.words(num, reading.language, numbers.SHARE) for num in shares))


def three(found: object) -> tuple[Num, Num, Num] | None:
    """Favourable, neutral and unfavourable of a scale or item, or None when they are not published."""
    if not isinstance(found, dict) or not {"favourable", "neutral", "unfavourable"} <= set(found):
        return None
    return found["favourable"], found["neutral"], found["unfavourable"]


def shares(reading: Reading, group: Group) -> Described:
    """Favourable, neutral and unfavourable answers of one group, one scale a row."""
    _ = speak(reading.language)
    rows = tuple(
        _share_row(reading, scale.title, group.scales.get(scale.id), _no_shares(reading, group))
        for scale in subjects(reading)
    )
    return _shares(reading, group, _("Favourable, neutral, unfavourable"), rows)


def items(reading: Reading, group: Group, scale: Scale) -> Described:
    """The questions of one scale in one group."""
    _ = speak(reading.language)
    if scale.kind == INCIDENCE:
        return _incidence_items(reading, group, scale)
    rows = tuple(
        _share_row(
            reading, asked(item, reading.language), group.items.get(item.id), _no_shares(reading, group)
        )
        for item in reading.items_of(scale)
    )
    return _shares(reading, group, _("Question by question"), rows)


def asked(item: Item, language: str) -> str:
    """The question; for one asked the other way round, which answer is favourable."""
    _ = speak(language)
    return item.text + (" " + _("(disagreeing is favourable)") if item.reversed else "")


def _incidence_items(reading: Reading, group: Group, scale: Scale) -> Described:
    _ = speak(reading.language)
    rows = tuple(
        (
            item.text,
            numbers.words(share, reading.language, numbers.SHARE) if share else _no_shares(reading, group),
        )
        for item in reading.items_of(scale)
        for share in (group.items.get(item.id, {}).get("share"),)
    )
    said = "; ".join(f"{row[0]}: {row[1]}" for row in rows)
    return Described(
        _("Question by question"),
        _("{group}, {n}. Share of people, at least once: {said}.", group=group.name,
          n=count(group, reading.language), said=said),
        Table(_("Share of people in {group}, at least once", group=group.name), ("", _("Share of people")), rows),
    )  # fmt: skip


def _shares(reading: Reading, group: Group, title: str, rows: tuple[tuple[str, ...], ...]) -> Described:
    _ = speak(reading.language)
    said = "; ".join(
        _("{label}: favourable {good}, neutral {middle}, unfavourable {bad}",
          label=row[0], good=row[1], middle=row[2], bad=row[3]) if row[2] else f"{row[0]}: {row[1]}"
        for row in rows
    )  # fmt: skip
    heads = ("", _("Favourable"), _("Neutral"), _("Unfavourable"))
    caption = _("Share of the answers in {group}, {n}", group=group.name, n=count(group, reading.language))
    return Described(
        title,
        _("{group}, {n}. {said}.", group=group.name, n=count(group, reading.language), said=said),
        Table(caption, heads, rows),
    )


def heat(reading: Reading, groups: Sequence[Group]) -> Described:
    """Scores of units by scale."""
    _ = speak(reading.language)
    scales = of_kind(reading, MEAN)
    rows = tuple(
        (group.name, count(group, reading.language) if group.published else group.reason,
         *(headline_words(reading, group, scale) if group.published else "" for scale in scales))
        for group in groups
    )  # fmt: skip
    shown = [group for group in groups if group.published]
    said = "; ".join(
        _("{scale} from {low} to {high}", scale=scale.title, low=ends[0], high=ends[1])
        for scale in scales
        if (ends := _ends(reading, shown, scale)) is not None
    )
    return Described(
        _("Units by subject"),
        _("Scores from 0 to 100 of {shown} of {all} units. {said}. All numbers are in the table.",
          shown=len(shown), all=len(groups), said=said),
        Table(
            _("Scores from 0 to 100, per unit and subject"),
            (_("Unit"), _("Answers"), *(scale.title for scale in scales)),
            rows,
        ),
    )  # fmt: skip


def _ends(reading: Reading, groups: Sequence[Group], scale: Scale) -> tuple[str, str] | None:
    nums = [num for group in groups if (num := reading.headline(group, scale)) is not None]
    if not nums:
        return None
    nums.sort(key=numbers.middle)
    return numbers.short(nums[0], reading.language), numbers.short(nums[-1], reading.language)


def ranked(reading: Reading, groups: Sequence[Group], scale: Scale) -> tuple[Group, ...]:
    """The groups that have a number on this scale, the highest first; equal ones in tree order."""
    having = [group for group in groups if reading.headline(group, scale) is not None]

    def height(group: Group) -> float:
        num = reading.headline(group, scale)
        return -numbers.middle(num) if num is not None else 0.0

    return tuple(sorted(having, key=height))


def scale(reading: Reading, one: Scale, groups: Sequence[Group], title: str = "") -> Described:
    """One scale over groups, the highest first; what is withheld follows with its reason."""
    _ = speak(reading.language)
    high = ranked(reading, groups, one)
    rest = [group for group in groups if reading.headline(group, one) is None]
    mean = one.kind == MEAN
    rows = [
        (group.name, headline_words(reading, group, one),
         *((sure(group, one, reading.language),) if mean else ()), said_by(group, one, reading.language))
        for group in high
    ]  # fmt: skip
    rows += [
        (group.name, _("not shown"), *(("–",) if mean else ()), reading.missing(group, one)[1])
        for group in rest
    ]
    said = "; ".join(f"{row[0]} {row[1]}" for row in rows[:MOST_IN_WORDS])
    more = _(" and so on; all are in the table") if len(rows) > MOST_IN_WORDS else ""
    number = _("Score") if mean else _("Share of people")
    return Described(
        title or _("Per unit"),
        _("{scale}, the highest first: {said}{more}.", scale=one.title, said=said, more=more),
        Table(
            _("{scale}, per group", scale=one.title),
            (_("Group"), number, *((_("How sure"),) if mean else ()), _("Answers")),
            tuple(rows),
        ),
    )


def slips(reading: Reading) -> Table | None:
    """Slips printed, held in reserve and used, per group they were drawn in; None for a scan without slips."""
    _ = speak(reading.language)
    rows = []
    for slip in reading.document.get("slips") or ():
        group = reading.group(slip["grouping"], slip["group"])
        used = (
            numbers.words(slip["used"], reading.language, numbers.PEOPLE) if slip["used"] else _("not shown")
        )
        rows.append(
            (group.name if group else slip["group"], str(slip["printed"]), str(slip["reserve"]), used)
        )
    if not rows:
        return None
    heads = (_("Drawn by"), _("Printed"), _("Reserve"), _("Used"))
    return Table(_("Slips printed and used"), heads, tuple(rows))
