"""Signals beside a scan in words: readings, reasons and figures enter, sentences in the language of the page leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import LazyString, lazy_gettext

from app.core.signals.beside import Laid, SignalSide, Theme
from app.core.signals.readings import Reading
from app.core.signals.rising import Verdict
from app.core.signals.scan_side import Change, ScaleSide
from app.render import changes, numbers
from app.web.adviser.pattern_words import figure
from app.web.adviser.say import _, ngettext
from app.web.adviser.words import language

READINGS: Mapping[str, LazyString] = {
    "confirmed": lazy_gettext("confirmed"),
    "unspoken": lazy_gettext("unspoken"),
    "concentrated": lazy_gettext("concentrated"),
    "calm": lazy_gettext("calm"),
    "too-few": lazy_gettext("too few to say"),
}
MEANS: Mapping[str, LazyString] = {
    "confirmed": lazy_gettext("The scan is concerned and people come with it: both point the same way."),
    "unspoken": lazy_gettext(
        "The scan is concerned, yet hardly anybody comes with it: it is felt and not said."
    ),
    "concentrated": lazy_gettext(
        "The scan is calm, yet many come with it: it may sit in one place or one situation."
    ),
    "calm": lazy_gettext("The scan is calm and hardly anybody comes with it."),
    "too-few": lazy_gettext("One of both sides can't be told yet from chance. That is a proper answer."),
}
TO_DO: Mapping[str, LazyString] = {
    "advise-now": lazy_gettext("Advise management now: you have figures from two sides."),
    "ask-decision": lazy_gettext("Ask for a decision with a date, not for attention."),
    "tell-staff": lazy_gettext("Let staff know that this was heard and what is done."),
    "be-visible": lazy_gettext("Be where people are: walk in, join team talks, repeat how to reach you."),
    "ask-in-talks": lazy_gettext("Ask about it in talks that are about something else."),
    "talk-with-teams": lazy_gettext(
        "Propose team talks on this theme, led by somebody from outside the team."
    ),
    "look-where": lazy_gettext(
        "Look at where and by what it gathers: part of the organisation, source, quarter."
    ),
    "act-there": lazy_gettext("Advise something for that place or situation, not for everybody."),
    "ask-in-next-scan": lazy_gettext("Ask about it in the next scan, or in a pulse before."),
    "keep-going": lazy_gettext("Nothing needed. Keep doing what is done."),
    "longer-period": lazy_gettext("Choose a longer period above."),
    "wait": lazy_gettext("Wait for more signals, or for the next scan. Name no trend until then."),
    "make-reporting-safe": lazy_gettext(
        "First make reporting safer: the scan says that people are afraid to."
    ),
    "introduce-adviser": lazy_gettext("First get known: the scan says that trust in the adviser is low."),
}
FEARS: Mapping[str, LazyString] = {
    "fear-to-report": lazy_gettext("people are afraid to report"),
    "trust-in-adviser": lazy_gettext("trust in the adviser is low"),
}
ORDER = (Reading.UNSPOKEN, Reading.CONFIRMED, Reading.CONCENTRATED, Reading.TOO_FEW, Reading.CALM)
"""What asks most of the adviser first."""


def fine(rate: float) -> str:
    """Two decimals, so that an end close to its threshold doesn't read as the threshold."""
    return numbers.figure(rate, language())


def opening(laid: Laid, names: Mapping[str, str]) -> list[str]:
    """At most three sentences of what matters."""
    found = {
        reading: [names[one.theme] for one in laid.themes if one.reading is reading] for reading in Reading
    }
    said = []
    if found[Reading.UNSPOKEN]:
        said.append(
            _(
                "The scan is concerned and hardly anybody comes to you about: %(themes)s.",
                themes=_listed(found[Reading.UNSPOKEN]),
            )
        )
    if found[Reading.CONFIRMED]:
        said.append(
            _("Scan and signals both point to: %(themes)s.", themes=_listed(found[Reading.CONFIRMED]))
        )
    if found[Reading.CONCENTRATED]:
        said.append(
            _(
                "Many come to you about something the scan is calm about: %(themes)s.",
                themes=_listed(found[Reading.CONCENTRATED]),
            )
        )
    return said or [_("No theme stands out: nothing is confirmed, unspoken or concentrated.")]


def rest(laid: Laid) -> str:
    """Of how many themes nothing can be said."""
    few = sum(one.reading is Reading.TOO_FEW for one in laid.themes)
    return (
        ngettext(
            "Of %(num)s theme nothing can be said yet.", "Of %(num)s themes nothing can be said yet.", few
        )
        if few
        else ""
    )


def people(laid: Laid) -> str:
    return numbers.answers(laid.group.n, language()) if laid.group.n else ""


def scan_says(side: ScaleSide) -> str:
    """The published figure with its interval: “41 (38 to 44)”, or a share of people."""
    kind = numbers.SHARE if side.kind == "incidence" else numbers.SCORE
    unit = "\u00a0%" if kind == numbers.SHARE else ""
    return _(
        "%(value)s (%(low)s to %(high)s)",
        value=numbers.short(side.figure, language(), kind), low=figure(side.low), high=figure(side.high) + unit,
    )  # fmt: skip


def change_says(change: Change | None) -> str:
    if change is None:
        return ""
    points = float(numbers.middle(change.points))
    sign = "+" if points > 0 else ""
    return _(
        "%(verdict)s: %(points)s points",
        verdict=changes.said(change.verdict, language()), points=f"{sign}{figure(points)}",
    )  # fmt: skip


def signals_say(side: SignalSide) -> str:
    reporters = ngettext("%(num)s reporter", "%(num)s reporters", side.reporters)
    if side.perhaps:
        return _("%(reporters)s, perhaps %(more)s more", reporters=reporters, more=side.perhaps)
    return reporters


def rate_brief(side: SignalSide) -> str:
    if side.rate is None:
        return _("not known")
    return _(
        "%(value)s (%(low)s to %(high)s)",
        value=fine(side.rate.value), low=fine(side.rate.low), high=fine(side.rate.high),
    )  # fmt: skip


def trend_brief(side: SignalSide) -> str:
    if side.trend is None or side.trend.verdict is Verdict.TOO_FEW:
        return _("too few to say")
    return _("rising") if side.trend.verdict is Verdict.RISING else _("no clear change")


def reason(one: Theme) -> str:
    """Why it reads so, with the numbers it rests on."""
    facts = one.reason.facts
    scan, signals = _scan_reason(facts), _signal_reason(facts)
    known = {
        "both-high": _("%(scan)s %(signals)s", scan=scan, signals=signals),
        "scan-high-signals-few": _("%(scan)s %(signals)s", scan=scan, signals=signals),
        "scan-low-signals-many": _("%(scan)s %(signals)s", scan=scan, signals=signals),
        "both-low": _("%(scan)s %(signals)s", scan=scan, signals=signals),
        "not-published": _("The scan publishes no figure on this theme here: too few answers."),
        "not-asked": _("The scan has no questions on this theme, so there is nothing to lay signals beside."),
        "no-rate": _("It isn't known how many people work here, so signals have no rate."),
        "scan-unsure": _("The scan's interval lies on both sides of its threshold, so it says neither concern nor calm."),
        "both-unsure": _("Both intervals lie on both sides of their thresholds."),
        "signals-unsure": _(
            "The signals' interval, from %(low)s to %(high)s per 100 a year, lies on both sides of the threshold of %(limit)s.",
            low=fine(_number(facts, "rate_low")), high=fine(_number(facts, "rate_high")),
            limit=figure(_number(facts, "threshold_rate")),
        ),
    }  # fmt: skip
    found = [known.get(one.reason.id, "")]
    if "silence" in facts and one.reason.id in ("signals-unsure", "both-unsure"):
        found.append(
            _(
                "With this many people it takes %(num)s quarters without a signal before silence says anything.",
                num=facts["silence"],
            )
        )
    if one.stronger:
        fears = _(" and ").join(str(FEARS[fear]) for fear in one.stronger)
        found.append(_("That is the likelier because, says the scan, %(fears)s.", fears=fears))
    return " ".join(found)


def _scan_reason(facts: Mapping[str, object]) -> str:
    if "scale" not in facts:
        return ""
    low, high, limit = (_number(facts, key) for key in ("low", "high", "threshold"))
    unit = "\u00a0%" if facts.get("kind") == "incidence" else ""
    ends = {"low": figure(low), "high": figure(high) + unit, "limit": figure(limit) + unit}
    under = high < limit or (bool(unit) and high <= limit)
    if under:
        return _(
            "The scan's interval, from %(low)s to %(high)s, lies under the threshold of %(limit)s.", **ends
        )
    return _("The scan's interval, from %(low)s to %(high)s, lies above the threshold of %(limit)s.", **ends)


def _signal_reason(facts: Mapping[str, object]) -> str:
    if "rate_low" not in facts:
        return ""
    low, high, limit = (_number(facts, key) for key in ("rate_low", "rate_high", "threshold_rate"))
    ends = {"low": fine(low), "high": fine(high), "limit": fine(limit)}
    if low > limit:
        return _("Signals, from %(low)s to %(high)s per 100 a year, lie above theirs of %(limit)s.", **ends)
    return _("Signals, from %(low)s to %(high)s per 100 a year, lie under theirs of %(limit)s.", **ends)


def gap_says(gap: float) -> str:
    if gap > 0:
        return _("higher in the scan, by %(places)s", places=figure(gap))
    return _("higher in the signals, by %(places)s", places=figure(-gap)) if gap < 0 else _("none")


def _number(facts: Mapping[str, object], key: str) -> float:
    found = facts.get(key, 0.0)
    return float(found) if isinstance(found, (int, float)) else 0.0


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else _(" and ").join([", ".join(names[:-1]), names[-1]])
