"""An update of the board as feeds, mails, posters and share texts tell it: its content enters, sentences leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape

from babel.dates import format_date

from app.core import feedback
from app.core.feedback import Content, Decision, State
from app.render import markdown, roles
from app.render.texts import Speak, speak


def N_(text: str) -> str:  # noqa: N802  the name by which texts are found for the catalogue
    return text


MARKS = {
    State.HEARD: N_("Heard"),
    State.DECIDED: N_("Decided"),
    State.UNDER_WAY: N_("Under way"),
    State.DONE: N_("Done"),
    State.STOPPED: N_("Stopped"),
}
DECISIONS = {
    Decision.DO: N_("We do this."),
    Decision.PARTLY: N_("We do part of this."),
    Decision.DONT: N_("We don't do this."),
    Decision.LOOK_INTO: N_("We look into this first."),
}


@dataclass(frozen=True)
class Told:
    """One update in one language. `language` is that of the words people wrote, which may be another than was asked.

    `heard`, `why` and `changes` are Markdown as it was typed; the rest are plain sentences in the language asked for.
    """

    title: str
    language: str
    mark: str
    late: str
    decision: str
    owner: str
    when: tuple[str, ...]
    heard: str
    why: str
    changes: str


def tell(content: Content, language: str, today: date) -> Told:
    _ = speak(language)
    found, words = content.in_language(language)
    return Told(
        title=words.title,
        language=found,
        mark=_(MARKS[content.state]),
        late=_("Late: the date has passed.") if feedback.is_late(content, today) else "",
        decision=_(DECISIONS[content.decision]) if content.decision else _("Nothing is decided yet."),
        owner=_("Who sees to it: {owner}.", owner=roles.name(content.owner, language))
        if content.owner in feedback.OWNERS
        else "",
        when=_when(content, language, _),
        heard=words.heard,
        why=words.why,
        changes=words.changes,
    )


def _when(content: Content, language: str, _: Speak) -> tuple[str, ...]:
    if content.state in feedback.OVER:
        return ()
    said = []
    if content.due_on and content.decision is not Decision.DONT:
        said.append(_("Done by {day}.", day=day(content.due_on, language)))
    if content.next_on:
        said.append(_("You hear more on {day}.", day=day(content.next_on, language)))
    return tuple(said)


def day(when: date, language: str) -> str:
    return str(format_date(when, "d MMMM y", locale=language))


def heads(language: str) -> dict[str, str]:
    """The heads over what was heard, decided and changes."""
    _ = speak(language)
    return {"heard": _("What we heard"), "decided": _("What we decided"), "changes": _("What changes")}


def text(told: Told, language: str) -> str:
    """Plain paragraphs with their heads, without the title."""
    names = heads(language)
    parts = [
        (names["heard"], markdown.lines(told.heard)),
        (names["decided"], _join(told.decision, markdown.lines(told.why))),
    ]
    if told.changes.strip():
        parts.append((names["changes"], markdown.lines(told.changes)))
    body = [f"{head}\n{words}" for head, words in parts if words]
    ending = " ".join(part for part in (told.owner, *told.when, told.late) if part)
    return "\n\n".join([*body, *([ending] if ending else [])])


def html(told: Told, language: str, *, level: int = 2) -> str:
    """The same as HTML that holds nothing but headings, paragraphs, lists, emphasis and links."""
    names = heads(language)
    tag = f"h{level}"
    ending = " ".join(part for part in (told.owner, *told.when, told.late) if part)
    parts = [f"<{tag}>{escape(names['heard'])}</{tag}>", own(told, told.heard, language)]
    parts += [f"<{tag}>{escape(names['decided'])}</{tag}>", f"<p>{escape(told.decision)}</p>"]
    parts.append(own(told, told.why, language))
    if told.changes.strip():
        parts += [f"<{tag}>{escape(names['changes'])}</{tag}>", own(told, told.changes, language)]
    parts.append(f"<p>{escape(ending)}</p>" if ending else "")
    return "\n".join(part for part in parts if part)


def own(told: Told, typed: str, language: str) -> str:
    """What people wrote, marked as another language where it is."""
    body = markdown.html(typed)
    if body and told.language != language:
        return f'<div lang="{escape(told.language)}">{body}</div>'
    return body


def share_text(content: Content, *, organisation: str, link: str, language: str, today: date) -> str:
    """What somebody reads out or pastes in a message to the team, with a question to talk about."""
    _ = speak(language)
    told = tell(content, language, today)
    return (
        "\n\n".join(
            part
            for part in (
                _("{title} ({mark})", title=told.title, mark=told.mark.lower()),
                text(told, language),
                _("To talk about: do we notice this? What would help us?"),
                _("All about it, also for who was not here: {link}", link=link) if link else "",
            )
            if part
        )
        + "\n"
    )


def _join(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
