"""Why a number is not shown: a reason id of the release enters, plain words leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.render.texts import speak

if TYPE_CHECKING:
    from app.render.reading import Group, Scale

SHARES_FROM = 30


def of_group(reason: str, language: str, least: int) -> str:
    """A sentence for a reader; a reason this page doesn't know yet still says that it was done for
    anonymity.
    """
    _ = speak(language)
    known = {
        "too-few": _(
            "Too few answers: fewer than {least} here, or in a group that this number would give away. "
            "Which of the two we don't say, because that would tell how many there are.",
            least=least,
        ),
        "joined": _(
            "This unit was joined with others before the scan opened; its answers are part of a larger group."
        ),
        "open-link": _("Answers came in by an open link, so only the organisation as a whole is shown."),
        "from-30": _("Shown from {least} answers up.", least=SHARES_FROM),
        "person": _(
            "This would judge one recognisable person, so it is shown from {least} answers up.",
            least=SHARES_FROM,
        ),
        "too-coarse": _("Rounded as far as this group needs, the number would say nothing."),
    }
    return known.get(reason) or _("Not shown, to keep answers anonymous.")


def of_absence(group: Group, scale: Scale) -> str:
    """The reason id for a scale that a published group doesn't have; one that rates a person has its own words."""
    id = str(group.absent.get(scale.id) or "")
    return "person" if scale.rates_a_person and id == "from-30" else id


def in_brief(reason: str, language: str) -> str:
    """The reason in two or three words, for inside a picture."""
    _ = speak(language)
    known = {
        "too-few": _("too few answers"),
        "joined": _("joined with others"),
        "open-link": _("only the whole is shown"),
    }
    return known.get(reason) or _("not shown")
