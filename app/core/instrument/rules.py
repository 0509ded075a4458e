"""What the parts of an instrument say about each other: a draft enters, broken rules are recorded in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from app.core.instrument.model import BACKGROUND, CLOSED, COMMENT, INCIDENCE, Item, Options, Scale
from app.core.instrument.reading import Draft
from app.core.instrument.table import Table, near

# Columns of a dataset that are not answers.
RESERVED = ("unit", "stratum")
# More classes than this make small groups, and small groups single people out.
MOST_CLASSES = 8


def apply(draft: Draft, themes: frozenset[str]) -> None:
    """Record every fault between parts; an unknown theme is a notice, and only where `themes` are given."""
    _ids(draft)
    options = {found.id: found for _, found in draft.options}
    scales = {scale.id: scale for _, scale in draft.scales if scale.id}
    _outcome(draft, scales)
    for table, scale in draft.scales:
        _scale(table, scale, draft, themes)
    for table, item in draft.items:
        _item(table, item, options, scales)
    for scale in scales.values():
        _same_range(scale, draft, options)
    _sections(draft)


def _ids(draft: Draft) -> None:
    _unique("scale", ((table, scale.id) for table, scale in draft.scales))
    _unique("section", ((table, start[0]) for table, start in draft.starts))
    _unique("item", ((table, item.id) for table, item in draft.items))
    for table, item in draft.items:
        if item.id.lower() in RESERVED:
            table.fault(f"item id “{item.id}” is taken for a column of the data; choose another", "id")
    if not draft.items and "items" not in draft.head.data:
        draft.head.fault("there are no items; add the first question below [[items]]")
    elif draft.head.data.get("items") == []:
        draft.head.fault("there are no items; add the first question below [[items]]", "items")


def _unique(what: str, ids: Iterable[tuple[Table, str]]) -> None:
    """Upper and lower case count as the same: a file to import may write ids in either."""
    first: dict[str, Table] = {}
    for table, id in ids:
        if id and first.setdefault(id.lower(), table) is not table:
            before = table.findings.line((*first[id.lower()].path, "id"))
            table.fault(
                f"{what} id “{id}” was already used in line {before}; each {what} needs its own id", "id"
            )


def _outcome(draft: Draft, scales: dict[str, Scale]) -> None:
    head = draft.head
    outcome = head.string("outcome", "")
    if outcome and outcome not in scales:
        head.fault(f"outcome “{outcome}” is not a scale of this file{near(outcome, scales)}", "outcome")
    elif outcome and scales[outcome].kind == INCIDENCE:
        head.fault(f"outcome “{outcome}” is an incidence scale; choose a scale of kind mean", "outcome")


def _scale(table: Table, scale: Scale, draft: Draft, themes: frozenset[str]) -> None:
    if scale.id and not any(item.scale == scale.id for _, item in draft.items):
        table.fault(
            f'scale “{scale.id}” has no items; add items with scale = "{scale.id}", or remove the scale', "id"
        )
    if scale.theme and themes and scale.theme not in themes:
        table.notice(
            f"theme “{scale.theme}” is not in themes.toml, so signals can't be laid beside this scale"
            f"{near(scale.theme, themes)}",
            "theme",
        )


def _item(table: Table, item: Item, options: dict[str, Options], scales: dict[str, Scale]) -> None:
    name = f"item “{item.id}”"
    if item.scale and item.scale not in scales:
        table.fault(f"{name}: scale “{item.scale}” is not in this file{near(item.scale, scales)}", "scale")
    if item.options and item.options not in options:
        table.fault(
            f"{name}: option set “{item.options}” is not in this file{near(item.options, options)}", "options"
        )
    chosen = options.get(item.options or "")
    if item.kind == CLOSED:
        _closed(table, item, name, chosen, scales)
    elif item.kind == BACKGROUND:
        _background(table, item, name, chosen)
    elif item.kind == COMMENT:
        _useless(table, name, "a comment", ("scale", "options", "reversed"))


def _closed(table: Table, item: Item, name: str, options: Options | None, scales: dict[str, Scale]) -> None:
    if "scale" not in table.data:
        table.fault(
            f'{name} has no scale; add scale = "...", or kind = "background" if answers are a grouping'
        )
    if "options" not in table.data:
        table.fault(f'{name} has no options; add options = "..." with the id of an option set')
    scale = scales.get(item.scale or "")
    if options and not options.ordered and scale:
        table.fault(
            f"{name}: option set “{options.id}” is not ordered, so it can't be scored; choose an ordered one",
            "options",
        )
    if item.reversed and scale and scale.kind == INCIDENCE:
        table.fault(
            f"{name} is reversed, but scale “{scale.id}” counts “at least once”; take reversed out",
            "reversed",
        )
    if item.reversed and options and not (options.ordered and (options.favourable or options.unfavourable)):
        table.fault(
            f"{name} is reversed, but option set “{options.id}” has no direction; "
            "give it favourable and unfavourable codes, or take reversed out",
            "reversed",
        )


def _background(table: Table, item: Item, name: str, options: Options | None) -> None:
    _useless(table, name, "a background question", ("scale", "reversed"))
    if "options" not in table.data:
        table.fault(f'{name} has no options; add options = "..." with the id of an option set')
    if options and len(set(options.codes) - set(options.missing)) > MOST_CLASSES:
        table.fault(
            f"{name} has more than {MOST_CLASSES} classes, which singles people out; "
            "join classes until few and broad ones are left",
            "options",
        )
    if options and (options.favourable or options.unfavourable):
        table.fault(
            f"{name} is a background question, but option set “{options.id}” has favourable or unfavourable "
            "codes; use an option set without them",
            "options",
        )


def _useless(table: Table, name: str, kind: str, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in table.data and table.data[key] is not False:
            table.fault(f"{name} is {kind}; take {key} out", key)


def _same_range(scale: Scale, draft: Draft, options: dict[str, Options]) -> None:
    """Items of one scale need as many codes, with one lowest and one highest, else a mean has no meaning."""
    ranges = {}
    for table, item in draft.items:
        chosen = options.get(item.options or "")
        codes = sorted(set(chosen.codes) - set(chosen.missing)) if chosen else []
        if chosen and codes and item.scale == scale.id and item.kind == CLOSED:
            ranges[table.path] = (table, item, chosen, (len(codes), codes[0], codes[-1]))
    if not ranges:
        return
    usual = Counter(shape for *_, shape in ranges.values()).most_common(1)[0][0]
    for table, item, chosen, shape in ranges.values():
        if shape != usual:
            table.fault(
                f"item “{item.id}”: option set “{chosen.id}” has {shape[0]} codes from {shape[1]} "
                f"to {shape[2]}, but the other items of scale “{scale.id}” have {usual[0]} from {usual[1]} "
                f"to {usual[2]}; use the same range in one scale",
                "options",
            )


def _sections(draft: Draft) -> None:
    places = {item.id: place for place, (_, item) in enumerate(draft.items)}
    before = -1
    for number, (table, (id, _, first)) in enumerate(draft.starts):
        if not first:
            continue
        place = places.get(first)
        if place is None:
            table.fault(f"section “{id}”: item “{first}” is not in this file{near(first, places)}", "first")
        elif number == 0 and place != 0:
            table.fault(
                f"the first section must begin with the first item, “{draft.items[0][1].id}”", "first"
            )
        elif place <= before:
            table.fault(
                f"section “{id}” doesn't begin after the section above it; "
                "put sections in the order of the items",
                "first",
            )
        before = before if place is None else max(before, place)
