"""Patterns in words: counts, rates and verdicts enter, sentences in the language of the page leave."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.signals.card import Quarter
from app.core.signals.counting import Cell
from app.core.signals.earlier import Between
from app.core.signals.rates import Rate
from app.core.signals.rising import LEAST, LEAST_EARLIER, Rise, Rising, Verdict
from app.render import numbers
from app.web.adviser.say import _, ngettext
from app.web.adviser.words import language, quarter_says


def figure(value: float) -> str:
    """One decimal is as sure as these numbers are."""
    return numbers.figure(round(value, 1), language())


def cell_says(cell: Cell) -> str:
    """“3” reporters; “3 (5)” where there were more contacts."""
    if cell.contacts == cell.reporters:
        return str(cell.reporters) if cell.reporters else "·"
    return f"{cell.reporters} ({cell.contacts})"


def count_says(cell: Cell) -> str:
    reporters = ngettext("%(num)s reporter", "%(num)s reporters", cell.reporters)
    contacts = ngettext("%(num)s contact", "%(num)s contacts", cell.contacts)
    return _("%(reporters)s in %(contacts)s", reporters=reporters, contacts=contacts)


def between_says(found: tuple[Between, int]) -> str:
    """Reporters and contacts; both ends where it can't be told who came again."""
    people, number = found
    if not people.perhaps:
        return count_says(Cell(people.most, number))
    contacts = ngettext("%(num)s contact", "%(num)s contacts", number)
    return _(
        "%(least)s to %(most)s reporters in %(contacts)s",
        least=people.least,
        most=people.most,
        contacts=contacts,
    )


def rate_says(rate: Rate) -> str:
    return _(
        "%(value)s per 100 employees a year (between %(low)s and %(high)s)",
        value=figure(rate.value), low=figure(rate.low), high=figure(rate.high),
    )  # fmt: skip


def period_says(quarters: Sequence[str]) -> str:
    first, last = Quarter.read(quarters[0]), Quarter.read(quarters[-1])
    if first == last:
        return _("in the %(quarter)s", quarter=quarter_says(first))
    return _("from the %(first)s to the %(last)s", first=quarter_says(first), last=quarter_says(last))


def rise_says(rise: Rise, quarters: tuple[int, int], theme: str) -> str:
    """One theme's recent quarters against the earlier ones, with how sure that is."""
    recent = ngettext("%(num)s new reporter", "%(num)s new reporters", rise.recent)
    if rise.verdict is Verdict.TOO_FEW:
        return too_few_says(quarters)
    counts = _(
        "%(recent)s in the last %(now)s quarters, %(earlier)s in the %(before)s before",
        recent=recent, now=quarters[0], earlier=rise.earlier, before=quarters[1],
    )  # fmt: skip
    if rise.verdict is Verdict.RISING:
        if rise.high is None or rise.ratio is None:
            return _(
                "%(theme)s comes up more often than chance would explain: %(counts)s. That is at least %(low)s times as often.",
                theme=_first(theme), counts=counts, low=figure(rise.low),
            )  # fmt: skip
        return _(
            "%(theme)s comes up more often than chance would explain: %(counts)s. That is %(ratio)s times as often"
            " (between %(low)s and %(high)s).",
            theme=_first(theme), counts=counts, ratio=figure(rise.ratio), low=figure(rise.low), high=figure(rise.high),
        )  # fmt: skip
    return _("No clear change: %(counts)s. A difference as small as this can be chance.", counts=counts)


def too_few_says(quarters: tuple[int, int]) -> str:
    if quarters[1] < LEAST_EARLIER:
        return _(
            "Whether it rises can't be said yet: that takes at least %(least)s earlier quarters, and there are %(now)s.",
            least=LEAST_EARLIER, now=quarters[1],
        )  # fmt: skip
    return _("Whether it rises can't be said yet: that takes at least %(least)s reporters.", least=LEAST)


def rising_says(rising: Rising, names: dict[str, str]) -> list[str]:
    """What rises, the surest first; or that nothing does; or that nothing can be said yet."""
    if rising.says_nothing:
        if rising.quarters[1] < LEAST_EARLIER:
            return [
                _(
                    "Nothing can be said yet about what rises: that takes %(least)s earlier quarters with cards.",
                    least=LEAST_EARLIER,
                )
            ]
        return [_("Nothing can be said yet about what rises: no theme has %(least)s reporters.", least=LEAST)]
    found = [
        rise_says(one, rising.quarters, _first(names.get(one.theme, one.theme))) for one in rising.rising
    ]
    return found or [_("No theme comes up more often than chance would explain.")]


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]
