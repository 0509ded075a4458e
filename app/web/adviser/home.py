"""The first page of an adviser in one organisation: a slug enters, what there is to do leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template, url_for

from app.core.advice import State
from app.render import numbers
from app.services import advising, joining, reporting, reviewing
from app.services.joining import Standing
from app.web.adviser import blueprint
from app.web.adviser.here import Here, look
from app.web.adviser.say import _, ngettext
from app.web.adviser.words import language
from app.web.ui import asking, store


@dataclass(frozen=True)
class ToDo:
    """One thing that waits, with where it is done. `late` when its day has passed."""

    says: str
    where: str
    late: bool = False


@blueprint.get("/<slug>/")
def home(slug: str) -> str:
    here = look(slug)
    standing = joining.standing(store(), by=here.actor)
    ready = standing.exists and standing.confirmed and any(one.own for one in standing.inside)
    return render_template(
        "adviser/home.html", here=here, ready=ready, waiting=_waiting(here, standing, ready)
    )


def _waiting(here: Here, standing: Standing, ready: bool) -> list[ToDo]:
    today = asking.now().date()
    found = _of_vault(here, standing, ready)
    return [*found, *_of_advice(here, today), *(_of_reports(here, today) if ready else [])]


def _of_vault(here: Here, standing: Standing, ready: bool) -> list[ToDo]:
    vault = url_for("adviser.vault", slug=here.slug)
    if not ready:
        return [ToDo(_("Get the vault ready: without it no card can be kept."), vault)]
    found = [
        ToDo(_("%(name)s asks to be let into the vault.", name=one.name), vault) for one in standing.waiting
    ]
    if standing.due:
        found.append(
            ToDo(_("Renew the key of the vault: somebody who had it may not have it any more."), vault)
        )
    return found


def _of_advice(here: Here, today: date) -> list[ToDo]:
    told = advising.readable(store(), by=here.actor, today=today)
    late = sum(one.now.state is State.OVERDUE for one in told)
    if not late:
        return []
    where = url_for("advice.register", slug=here.slug)
    return [
        ToDo(
            ngettext(
                "%(num)s advice is past its answer date.",
                "%(num)s pieces of advice are past their answer date.",
                late,
            ),
            where,
            late=True,
        )
    ]


def _of_reports(here: Here, today: date) -> list[ToDo]:
    """Scans whose comments can be read, and the signal report that is due first."""
    found = [
        ToDo(
            _("Read what people wrote in “%(scan)s”.", scan=row.name),
            url_for("adviser.comments", slug=here.slug),
        )
        for row in reviewing.readable(store(), by=here.actor)[:1]
    ]
    released = reporting.released(store(), by=here.actor)
    where = url_for("adviser.reports", slug=here.slug)
    if not released:
        return [
            *found,
            ToDo(_("Write a first signal report, so that management hears what you hear."), where),
        ]
    due = min(reporting.due(released).values())
    says = _("The next signal report is due on %(day)s.", day=_day(due))
    return [*found, ToDo(says, where, late=due < today)]


def _day(day: date) -> str:
    return numbers.day(day, language())
