"""A signal report as it is read: its document enters; titles, words, tables and dates in its language leave, for page and PDF.

What leaves is plain data: a child that draws and typesets gets it over a pipe. Nothing here computes a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.core.signal_report import document as parts
from app.render import marked, numbers, signal_words
from app.render.texts import speak

Told = dict[str, Any]


def told(document: Mapping[str, Any], *, draft: bool = False) -> Told:
    """Everything a reader sees, in the order in which it stands. A small organisation reads advice "
    "before numbers."""
    language = document["language"]
    _ = speak(language)
    texts = document["texts"]
    return {
        "language": language,
        "title": signal_words.title(document),
        "organisation": document["organisation"],
        # Of the PDF: the adviser wrote it, the employer didn't.
        "author": _("Confidential adviser of {organisation}", organisation=document["organisation"]),
        "released": _("Draft: not released") if draft
        else _("Released by the confidential adviser on {day}", day=_day(document["released_on"], language)),
        "draft": draft,
        "small": document["small"],
        "findings_title": _("Three findings"),
        "findings": [marked.blocks(texts[f"{parts.FINDING}-{at}"]) for at in range(1, parts.FINDINGS + 1)],
        "decisions_title": _("Three decisions asked of you"),
        "decision_heads": [_("What"), _("By when")],
        "decisions": [
            {"text": one["text"] or "–", "by": _day(one["by"], language) if one["by"] else "–"}
            for one in document["decisions"]
        ],
        "heard_title": _("What was heard"),
        "themes_title": _("Themes"),
        "themes": list(document["themes"]) or [_("none named")],
        "heard": marked.blocks(texts[parts.HEARD]),
        "risks": _risks(document),
        "numbers": _numbers(document),
        "activities_title": _("What the adviser did"),
        "activities": marked.blocks(texts[parts.ACTIVITIES]),
        "advice_title": _("Advice and its answers"),
        "advice_heads": [_("Advice"), _("To"), _("How it stands")],
        "advice": [[one["what"], one["whom"], one["state"]] for one in document["advice"]],
        "no_advice": _("No advice stands open in the register."),
        "advice_words": marked.blocks(texts[parts.ADVICE]),
        "agreement_title": _("What was agreed about sharing"),
        "agreement": marked.blocks(
            document["agreement"]
            or _("No sharing agreement is signed yet. The rules of this report hold all the same.")
        ),
        "due_title": _("The next report"),
        "due": _("The next report of this kind is due on {day}.", day=_day(document["next_due"], language)),
        "protected_title": _("How this report was protected"),
        "protected": protected(document),
        "digest_title": _("Fingerprint of this report"),
        "digest": document["digest"],
    }  # fmt: skip


def protected(document: Mapping[str, Any]) -> list[str]:
    """The rules in sentences."""
    _ = speak(document["language"])
    rules = document["rules"]
    return [
        _(
            "Numbers are of people, not of talks. Under {least} it always says “fewer than {least}”, "
            "also when nobody came; from {least} up in steps of {step}.",
            least=rules["signal_min"],
            step=rules["step"],
        ),
        _(
            "A theme is named when at least {least} people spoke of it, or when who spoke of it "
            "agrees. What an earlier report left out is named when so many came since. The adviser "
            "may leave themes out.",
            least=rules["theme_min"],
        ),
        _(
            "Before it left, this report was attacked together with all earlier ones: what could tell"
            " of few people was left out, or says “not shown”. More signals are not worse: they can be "
            "a sign of trust."
        ),
    ]


def _numbers(document: Mapping[str, Any]) -> Told:
    language = document["language"]
    _ = speak(language)
    figures = document["figures"]
    whole = figures["reporters"]
    tables = [_table(document, table) for table in figures["tables"]]
    return {
        "title": _("In numbers"),
        "whole": _("People who came to an adviser: {people}.", people=signal_words.people(whole, language))
        if whole
        else _(
            "A monthly update holds no numbers: in so short a time they would say too much about few people."
        ),
        "words": marked.blocks(document["texts"][parts.NUMBERS]),
        "tables": tables,
        "most": most(tables),
    }


def most(tables: Iterable[Told]) -> int:
    """Where all pictures of one report end."""
    return max((row["high"] for one in tables for row in one["rows"]), default=0)


def tables(figures: Mapping[str, Any], names: Mapping[str, str], language: str) -> list[Told]:
    """The tables of a report that has no words yet, for who draws them."""
    document = {"language": language, "names": names}
    return [_table(document, table) for table in figures["tables"]]


def _table(document: Mapping[str, Any], table: Mapping[str, Any]) -> Told:
    language = document["language"]
    _ = speak(language)
    title, head = signal_words.axis(table["axis"], language)
    people = signal_words.people
    rows = [
        {
            "name": signal_words.row(table["axis"], one["id"], language, document["names"]),
            "people": people(one["count"], language),
            "low": one["count"]["low"],
            "high": one["count"]["high"],
        }
        for one in table["rows"] or []
    ]
    # Not why: that an attack found something would tell of the numbers.
    absent = _("This table is not shown in this report.")
    alt = "; ".join(f"{one['name']}: {one['people']}" for one in rows)
    rest = _("Each other row") if rows else _("Each row")
    return {
        "id": table["axis"],
        "title": title,
        "heads": [head, _("People")],
        "rows": rows,
        "absent": absent if table["rows"] is None else "",
        "rest": [rest, people(table["rest"], language)],
        "alt": _("{title}, in numbers of people. {rows}.", title=title, rows=alt) if rows else "",
        "note": _("One person can stand in several rows."),
        "axis": _("number of people"),
    }


def _risks(document: Mapping[str, Any]) -> Told | None:
    if document["kind"] != "culture":
        return None
    language = document["language"]
    _ = speak(language)
    yes, no = _("heard by the adviser"), _("not named")
    return {
        "title": _("The three largest risks"),
        "heads": [_("Risk"), _("How unfavourable"), _("How widespread"), _("Among signals"), _("Weight")],
        "rows": [
            [
                one["title"],
                numbers.figure(one["severity"], language),
                numbers.figure(one["reach"], language),
                yes if one["heard"] else no,
                numbers.figure(one["weight"], language),
            ]
            for one in document["risks"]
        ],
        "rule": _(
            "The rule: how unfavourable times how widespread (both 0 to 100, from the scan), halved "
            "where the theme is not named among the signals. Only numbers of the whole organisation "
            "stand here."
        ),
        "scan": _("From the scan: {scan}", scan=document["scan"]) if document["scan"] else "",
        "none": _("There is no released scan to lay beside the signals, so no order can be given."),
        "reason": _("The adviser put them in another order: {reason}", reason=document["risk_reason"])
        if document["risk_reason"]
        else "",
    }


def _day(written: str, language: str) -> str:
    return numbers.day(date.fromisoformat(written), language)
