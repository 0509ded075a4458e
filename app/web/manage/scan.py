"""The page of one scan: what is chosen and comes next while it is prepared, what can be done once open."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core import checklist
from app.core.access import can
from app.core.draft import Draft
from app.core.instrument import parse, text
from app.core.lifecycle import State
from app.core.plan import CROSSED, PERSONAL, UNIT
from app.core.refusal import Refused
from app.crypto import personal
from app.services import certifying, launching, opening, planning, postponing
from app.storage import issuing
from app.storage.issuing import Printed
from app.storage.office import mail_rounds, scans, tasks
from app.storage.office.mail_rounds import Participation
from app.storage.office.tasks import Task
from app.web.manage import asking_about, blueprint, health
from app.web.manage.forms import NothingForm, ScanForm
from app.web.manage.here import HereScan, at_scan, now, today
from app.web.manage.overview import account_page, earlier_scans, say_saved
from app.web.manage.refusals import sentence
from app.web.manage.rehearsal import is_rehearsed
from app.web.manage.say import _, language, ngettext
from app.web.manage.texts import step_name, step_says, way_name
from app.web.ui import store

LONG_ACTS = ("certify", "seal", "release", "archive", "correct")


@dataclass(frozen=True)
class Part:
    """One thing to choose or do: what was chosen or why it matters, and where. `link` is "" for readers."""

    id: str
    name: str
    says: str
    done: bool
    link: str
    optional: bool = False


@blueprint.get("/<slug>/<scan>/")
def scan(slug: str, scan: str) -> str:
    here = at_scan(slug, scan)
    if here.frozen:
        return _running(here)
    parts, steps = settings_parts(here), checklist_parts(here)
    first = next(
        (part.id for part in [*parts, *steps] if not part.done and part.link and not part.optional), ""
    )
    return render_template(
        "manage/draft.html",
        here=here,
        parts=parts,
        steps=steps,
        first=first,
        previous=_previous(here),
        waits=launching.waits_for_vault(store(), here.scan),
        health=None if here.missing else health.of_scan(here),
        form=NothingForm(),
    )


def settings_parts(here: HereScan) -> list[Part]:
    """The choices, each with what was chosen so far."""
    draft = here.draft

    def link(endpoint: str) -> str:
        return (
            url_for(f"manage.{endpoint}", slug=here.slug, scan=here.scan.id) if here.may("plan-scan") else ""
        )

    return [
        Part(
            "questionnaire",
            _("Questionnaire"),
            _instrument_says(draft),
            bool(draft.instrument),
            link("questionnaire"),
        ),
        Part("units", _("Departments and teams"), _units_say(draft), draft.tree is not None, link("units")),
        Part(
            "groups",
            _("Groups that can be reported"),
            _groups_say(draft),
            draft.tree is not None,
            link("groups"),
        ),
        Part("choices", _("Smallest group and way in"), _choices_say(draft), True, link("choices")),
        *(
            [
                Part(
                    "ask-about",
                    _("Ask whether people notice what changed"),
                    asking_about.said(here),
                    True,
                    link("ask_about"),
                )
            ]
            if asking_about.asks(here)
            else []
        ),
    ]


def _instrument_says(draft: Draft) -> str:
    if not draft.instrument:
        return _("Choose one that comes with Weerklank, or your own.")
    found = parse(draft.instrument)
    return _(
        "%(title)s: %(items)s questions, about %(minutes)s minutes",
        title=text(found.title, language()),
        items=len(found.items),
        minutes=found.minutes,
    )


def _units_say(draft: Draft) -> str:
    if draft.tree is None:
        return _("Load them from a spreadsheet, with how many people work there.")
    return _(
        "%(units)s units, %(people)s people", units=len(draft.tree.units), people=draft.tree.root.headcount
    )


def _groups_say(draft: Draft) -> str:
    strata = draft.strata
    if strata is None:
        return _("Proposed as soon as the units are there: small teams are put together.")
    least = min(stratum.invited for stratum in strata)
    found = ngettext("%(num)s group", "%(num)s groups", len(strata))
    smallest = _("the smallest has %(least)s people", least=least)
    return f"{found}; {smallest}"


def _choices_say(draft: Draft) -> str:
    least = _("At least %(least)s answers in each group", least=draft.min_group)
    crossings = sum(CROSSED in grouping for grouping in draft.groupings)
    more = len(set(draft.groupings) - {UNIT}) - crossings
    also = ngettext("; %(num)s background question", "; %(num)s background questions", more) if more else ""
    two = ngettext("; %(num)s pair shown together", "; %(num)s pairs shown together", crossings)
    return f"{least}; {way_name(draft.way).lower()}{also}{two if crossings else ''}"


def checklist_parts(here: HereScan) -> list[Part]:
    """The launch checklist, with what was filled in."""
    waits = launching.waits_for_vault(store(), here.scan)
    facts = launching.facts(
        here.scan,
        here.organisation,
        rehearsed=is_rehearsed(here),
        own_words=bool(here.scan.plan) and not waits,
    )
    found = []
    for step in checklist.STEPS:
        if step.id == "settings":
            continue
        said = here.scan.steps.get(step.id) or ""
        done = checklist.is_done(step, here.scan.steps, facts)
        says = said if done and said else step_says(step.id)
        if step.id == "rehearsal" and done:
            says = _("These settings were rehearsed. Read what would be published.")
        if step.id == "vault" and done:
            says = _("What people write in their own words is sealed to the advisers, or not asked here.")
        if step.id == "council" and here.scan.confirmed:
            says = _("Confirmed by %(name)s.", name=here.scan.confirmed_by)
        found.append(Part(step.id, step_name(step.id), says, done, _step_link(here, step), not step.needed))
    return found


def _step_link(here: HereScan, step: checklist.Step) -> str:
    slug, scan = here.slug, here.scan.id
    if step.asks is checklist.Asks.CONFIRMATION:
        return url_for("manage.confirm", slug=slug, scan=scan)
    if step.asks is checklist.Asks.REHEARSAL:
        return url_for("manage.rehearsal", slug=slug, scan=scan)
    if step.id == "vault":
        return ""  # an adviser's work, on the adviser's own pages
    if not can(step.act, here.actor):
        return ""
    if step.asks is checklist.Asks.DATES:
        return url_for("manage.dates", slug=slug, scan=scan)
    if step.asks is checklist.Asks.TEXT:
        return url_for("manage.step", slug=slug, scan=scan, step=step.id)
    return account_page("organisation", slug)


def _previous(here: HereScan) -> str:
    if not here.scan.previous_id:
        return ""
    with store().reading() as session:
        row = scans.get(session, here.scan.previous_id)
    return row.name if row else ""


def _running(here: HereScan) -> str:
    with store().reading() as session:
        found = [tasks.latest(session, here.scan.id, act) for act in (*LONG_ACTS, "fulfil")]
    busy = [task for task in found if task is not None and task.state not in ("done", "stopped")]
    return render_template(
        "manage/running.html",
        here=here,
        plan=here.scan.settings,
        printed=printed(here),
        words=_words(here),
        keys_left=health.keys_left(here),
        busy=_still_matters(here, busy),
        previous=_previous(here),
        waits=here.state is State.OPEN and launching.waits_for_vault(store(), here.scan),
        closed=here.scan.closes_on is not None and today() > here.scan.closes_on,
        open_to_all=opening.readable(here.scan, by=None, now=now()),
        moved=opening.postponed(store(), scan=here.scan.id),
        postpones=here.may(postponing.ACT) and postponing.may_be_postponed(here.scan, now=now()),
    )


def _took_part(here: HereScan) -> Participation | None:
    """Of an open scan with personal links what the last count found, in a band."""
    plan = here.scan.settings
    if here.state is not State.OPEN or plan is None or plan.way != PERSONAL:
        return None
    with store().reading() as session:
        return mail_rounds.participation(session, here.scan.id)


def _still_matters(here: HereScan, found: list[Task]) -> list[Task]:
    """A failed act that was done since, at the command line perhaps, is no news."""
    past = {
        "certify": here.state is not State.OPEN or bool(_words(here)),
        "seal": here.state is not State.OPEN,
        "release": here.state is not State.SEALED,
        "fulfil": here.state not in (State.OPEN, State.SEALED),
        "archive": here.state is State.ARCHIVED,
        "correct": here.state is not State.RELEASED,
    }
    return [task for task in found if not past[task.act]]


def _words(here: HereScan) -> str:
    """The eight words of a scan with personal links, which everybody who is invited can compare; "" until its keys are made."""
    served = certifying.served(store(), here.scan.id)
    return personal.words(served.fingerprint) if served is not None else ""


def printed(here: HereScan) -> dict[int, Printed]:
    """What was printed per stratum. How many were used is nobody's business while the scan is open."""
    return issuing.printings(store(), here.scan.id)


@blueprint.route("/<slug>/<scan>/name", methods=["GET", "POST"])
def rename(slug: str, scan: str) -> str | Response:
    here = at_scan(slug, scan, "plan-scan")
    if here.frozen and request.method == "GET":
        return redirect(url_for("manage.scan", slug=slug, scan=scan))
    form = ScanForm(
        data={"name": here.scan.name, "kind": here.scan.kind, "previous": here.scan.previous_id or ""}
    )
    form.offer([(row.id, row.name) for row in earlier_scans(here) if row.id != scan])
    if form.validate_on_submit():
        try:
            planning.rename(
                store(),
                scan=scan,
                name=form.name.data,
                kind=form.kind.data,
                previous=form.previous.data or None,
                by=here.actor,
                now=now(),
            )
        except Refused as error:
            form.previous.errors = [sentence(error)]
        else:
            say_saved()
            return redirect(url_for("manage.scan", slug=slug, scan=scan))
    return render_template("manage/rename.html", here=here, form=form)


@blueprint.route("/<slug>/<scan>/discard", methods=["GET", "POST"])
def discard(slug: str, scan: str) -> str | Response:
    here = at_scan(slug, scan, "plan-scan")
    form = NothingForm()
    if form.validate_on_submit():
        planning.discard(store(), scan=scan, by=here.actor, now=now())
        flash(_("“%(name)s” was removed.", name=here.scan.name), "done")
        return redirect(url_for("manage.overview", slug=slug))
    return render_template("manage/discard.html", here=here, form=form)
