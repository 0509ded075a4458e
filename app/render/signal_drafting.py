"""First words of a report: protected figures and themes that may be named enter, ready sentences to "
"edit leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.core.signal_report import document as parts
from app.core.signal_report.document import Decision
from app.render import signal_words
from app.render.texts import speak

WEEKS = (4, 8, 12)
MOST_NAMED = 3
OTHER = "other"


def texts(
    figures: Mapping[str, Any],
    themes: Sequence[str],
    risks: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
    language: str,
) -> dict[str, str]:
    """Markdown by section; every section has words, whatever came in."""
    _ = speak(language)
    return {
        f"{parts.FINDING}-1": _first(themes, risks, language),
        f"{parts.FINDING}-2": _second(figures, names, language),
        f"{parts.FINDING}-3": _(
            "**Coming to an adviser is not a bad sign.** Where people trust that something will be "
            "done, more of them come; few signals can also mean that people keep silent."
        ),
        parts.HEARD: _heard(themes, language),
        parts.NUMBERS: "",
        parts.ACTIVITIES: _("In this period I was reachable for talks and gave information on request."),
        parts.ADVICE: _("I gladly explain this report in person, and advise again when there is an answer."),
    }


def decisions(themes: Sequence[str], language: str, today: date) -> tuple[Decision, ...]:
    """Three, with days on which they are asked."""
    _ = speak(language)
    first = (
        _("Decide what you do with “{theme}”, and who answers for it.", theme=themes[0])
        if themes
        else _("Decide how you make it easier to raise something early.")
    )
    asked = (
        first,
        _("Talk with the adviser about this report, and say what you need to know more about."),
        _("Tell all employees what was heard and what you do with it, also if that is “no, because …”."),
    )
    return tuple(
        Decision(text, (today + timedelta(weeks=weeks)).isoformat())
        for text, weeks in zip(asked, WEEKS, strict=True)
    )


def _first(themes: Sequence[str], risks: Sequence[Mapping[str, Any]], language: str) -> str:
    _ = speak(language)
    if risks:
        return _(
            "**{title}** stands first of the risks: it weighs heaviest in the scan and among the "
            "signals taken together.",
            title=risks[0]["title"],
        )
    if themes:
        return _("**What I heard about:** {themes}.", themes=_listed(themes[:MOST_NAMED], language))
    return _(
        "**No theme can be named** without a risk that somebody is recognised. That says nothing "
        "about whether people came."
    )


def _second(figures: Mapping[str, Any], names: Mapping[str, str], language: str) -> str:
    _ = speak(language)
    whole = figures["reporters"]
    if whole is None:
        return _(
            "**A monthly update holds no numbers.** In so short a time they would say too much about "
            "few people."
        )
    said = _(
        "**Number of people who came to an adviser: {people}.**", people=signal_words.people(whole, language)
    )
    rows: list[Mapping[str, Any]] = next(
        (one["rows"] for one in figures["tables"] if one["axis"] == "category" and one["rows"]), []
    )
    told = [one for one in rows if one["id"] != OTHER]
    if rows and not told:
        return said  # “something else” says nothing
    if not rows:
        return (
            said
            + " "
            + _("What it was about can't be told in numbers without saying too much about few people.")
        )
    most = signal_words.row("category", told[0]["id"], language, names)
    number = signal_words.people(told[0]["count"], language)
    return said + " " + _("Among what came up most is “{category}” ({people}).", category=most, people=number)


def _heard(themes: Sequence[str], language: str) -> str:
    _ = speak(language)
    if not themes:
        return _(
            "In this period no theme is named. Themes are named only when nobody can be recognised by"
            " them, so this does not mean that nothing was heard."
        )
    return (
        _("These themes came up in talks. What I heard about them, in general words:")
        + "\n\n"
        + "\n".join(f"- **{theme}**: …" for theme in themes)
    )


def _listed(names: Sequence[str], language: str) -> str:
    _ = speak(language)
    *rest, last = names
    return f"{', '.join(rest)} {_('and')} {last}" if rest else last


def role(id: str, language: str) -> str:
    """To whom an advice was given."""
    _ = speak(language)
    return {"manager": _("management"), "coordinator": _("coordinator")}.get(id, id)


def state(id: str, language: str) -> str:
    """How an advice stands."""
    _ = speak(language)
    return {
        "waiting": _("waits for an answer"),
        "overdue": _("answer is late"),
        "later": _("comes back later"),
    }.get(id, id)
