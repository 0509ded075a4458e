"""Letters with a personal link: facts of a scan and one link enter, a message in text and HTML leaves; nothing in it tracks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from babel.dates import format_date

from app.mail import Message
from app.mail.invitation_words import (
    DOESNT,
    EXCHANGE,
    INVITATION,
    NEW_LINK,
    OPENINGS,
    PROTECTS,
    REMINDER,
    SUBJECTS,
    TEXTS,
    TRIAL,
)

LANGUAGES = tuple(SUBJECTS)
KINDS = (INVITATION, REMINDER, NEW_LINK, TRIAL)
# Mail programs drop style sheets, so these stand on the elements; no picture, nothing that tells that a mail was opened.
_BODY = "font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;color:#16222b;max-width:36em;margin:0 auto;padding:16px"
_HEAD = "font-size:18px;margin:24px 0 8px"
_LINK = "color:#0b5a66;overflow-wrap:anywhere"
_BUTTON = (
    "display:inline-block;background:#0b5a66;color:#ffffff;text-decoration:none;font-weight:600;"
    "padding:12px 20px;border-radius:6px"
)
_WORDS = (
    "font-family:ui-monospace,monospace;font-size:17px;background:#e3f0f1;padding:8px 12px;border-radius:6px"
)
_NUMBER = re.compile(r"\+?\d[\d-]{2,18}\d")
_NOTE = "border-left:4px solid #0b5a66;padding-left:12px"


@dataclass(frozen=True)
class Facts:
    """What is the same for everybody. `words` are those of the fingerprint, `help_lines` names with how to reach them."""

    organisation: str
    operator: str
    minutes: int
    min_group: int
    closes_on: date | None
    words: str
    help_lines: Sequence[tuple[str, str]] = ()
    exchange: bool = False


@dataclass(frozen=True)
class Section:
    """A head ("" for the opening) with paragraphs, a list, or both."""

    head: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    code: str = ""
    after: tuple[str, ...] = ()


def letter(
    kind: str, language: str, facts: Facts, *, to: str, link: str, message_id: str | None = None
) -> Message:
    """`kind` is INVITATION, REMINDER, NEW_LINK or TRIAL."""
    spoken = language if language in LANGUAGES else "en"
    filled = _filled(facts, spoken)
    subject = SUBJECTS[spoken][kind].format(**filled)
    opening = [line.format(**filled) for line in OPENINGS[spoken][kind]]
    words = TEXTS[spoken]
    sample = (words["sample"],) if kind == TRIAL else ()
    rest = list(_sections(facts, spoken, filled))
    return Message(
        to,
        subject,
        _text([words["hello"], *opening], link, sample, rest, words),
        html=_html(subject, spoken, [words["hello"], *opening], link, sample, rest, words),
        message_id=message_id,
    )


def _filled(facts: Facts, language: str) -> dict[str, object]:
    words = TEXTS[language]
    day = format_date(facts.closes_on, "d MMMM y", locale=language) if facts.closes_on else ""
    organisation = " ".join(facts.organisation.split())
    return {
        "organisation": organisation,
        "operator": " ".join(facts.operator.split()) or organisation,
        "k": facts.min_group,
        "time": words["time" if day else "time-open"].format(minutes=facts.minutes, day=day),
    }


def _sections(facts: Facts, language: str, filled: dict[str, object]) -> Iterator[Section]:
    words = TEXTS[language]
    both = filled["operator"] == filled["organisation"]
    yield Section(words["who"], (words["who-both" if both else "who-text"].format(**filled),))
    yield Section(words["protects"], points=tuple(line.format(**filled) for line in PROTECTS[language]))
    weaker = (EXCHANGE[language],) if facts.exchange else ()
    yield Section(words["doesnt"], points=DOESNT[language] + weaker)
    yield Section(words["check"], (words["check-text"],), code=facts.words, after=(words["check-else"],))
    lines = tuple(
        name if contact in name else f"{name}: {contact}" for name, contact in facts.help_lines if name
    )
    yield Section(words["help"], (words["help-text"],), lines)


def _text(
    opening: list[str], link: str, sample: tuple[str, ...], rest: list[Section], words: Mapping[str, str]
) -> str:
    parts = [*opening, f"{words['link']}\n{link}", *sample, words["own"], words["copy"]]
    for one in rest:
        lines = [*one.paragraphs, *([f"    {one.code}"] if one.code else []), *one.after]
        points = "\n".join(f"- {point}" for point in one.points)
        parts.append(
            "\n\n".join([f"{one.head}\n{'-' * len(one.head)}", *lines, *([points] if points else [])])
        )
    return "\n\n".join(parts) + "\n"


def _html(
    subject: str,
    language: str,
    opening: list[str],
    link: str,
    sample: tuple[str, ...],
    rest: list[Section],
    words: Mapping[str, str],
) -> str:
    address = escape(link)
    parts = [f"<p>{escape(line)}</p>" for line in opening]
    parts += [f'<p><a style="{_BUTTON}" href="{address}">{escape(words["button"])}</a></p>']
    parts += [f'<p style="{_NOTE}"><strong>{escape(line)}</strong></p>' for line in sample]
    parts += [f"<p>{escape(words['own'])} {escape(words['copy'])}</p>"]
    parts += [f'<p><a style="{_LINK}" href="{address}">{address}</a></p>']
    for one in rest:
        parts.append(f'<h2 style="{_HEAD}">{escape(one.head)}</h2>')
        parts += [f"<p>{escape(line)}</p>" for line in one.paragraphs]
        parts += [f'<p><span style="{_WORDS}">{escape(one.code)}</span></p>'] if one.code else []
        parts += [f"<p>{escape(line)}</p>" for line in one.after]
        if one.points:
            items = "".join(f'<li style="margin-bottom:6px">{_whole(point)}</li>' for point in one.points)
            parts.append(f'<ul style="padding-left:20px">{items}</ul>')
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">'
        f"<title>{escape(subject)}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>\n'
        f'<body style="{_BODY}">\n{chr(10).join(parts)}\n</body></html>\n'
    )


def _whole(point: str) -> str:
    """Escaped, with a number to call kept on one line."""
    return _NUMBER.sub(r'<span style="white-space:nowrap">\g<0></span>', escape(point))
