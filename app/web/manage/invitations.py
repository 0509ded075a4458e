"""Invitations by mail: addresses enter, letters go out in rounds; what is shown are rough numbers, and never who answered."""

from __future__ import annotations

from datetime import date

from flask import Response as FlaskResponse
from flask import abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.lifecycle import State
from app.core.plan import PERSONAL, Plan
from app.core.reach import LEAST, About
from app.core.refusal import Refused
from app.mail import Message, NotSent, mailer
from app.mail.invitations import LANGUAGES
from app.services import addressing, inviting_by_mail, overseeing
from app.services.addressing import Given, Loaded
from app.services.inviting_by_mail import MOST_REMINDERS, Site
from app.services.overseeing import Standing
from app.web.manage import blueprint
from app.web.manage.forms import NothingForm, SureForm
from app.web.manage.here import HereScan, at_scan, now
from app.web.manage.invitation_forms import EACH, AddressesForm, ReminderForm, SendForm
from app.web.manage.refusals import address_sentence, sentence
from app.web.manage.say import _, language, ngettext
from app.web.manage.scan import printed
from app.web.manage.settings import uploaded
from app.web.manage.slips import words_of
from app.web.ui import asking, headers, settings, store

LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
EXAMPLES = {
    "nl": "adres;groep;taal\nanne@voorbeeld.nl;Team Noord;nl\nsam@voorbeeld.nl;Team Zuid;en\n",
    "en": "address,stratum,language\nanne@example.org,Team Noord,nl\nsam@example.org,Team Zuid,en\n",
}


def at_links(slug: str, scan: str) -> tuple[HereScan, Plan]:
    here = at_scan(slug, scan)
    plan = here.scan.settings
    if plan is None or plan.way != PERSONAL:
        raise Refused("no-links", "this scan has no personal links")
    return here, plan


@blueprint.route("/<slug>/<scan>/invitations")
def invitations(slug: str, scan: str) -> str:
    here, plan = at_links(slug, scan)
    return _page(here, plan)


def _page(
    here: HereScan, plan: Plan, *, send: SendForm | None = None, reminder: ReminderForm | None = None
) -> str:
    can_see = here.may_print and here.state is State.OPEN
    standing = _standing(here) if can_see else None
    blocked = inviting_by_mail.why_not(Site.of(settings()))
    people = sum(standing.addresses.values()) if standing else 0
    send = send or SendForm(formdata=None)
    send.sure.label.text = _("I looked at the letter. A letter that has gone out can't be taken back.")
    reminder = reminder or ReminderForm(formdata=None)
    return render_template(
        "manage/invitations.html",
        here=here,
        plan=plan,
        is_open=here.state is State.OPEN,
        blocked=sentence(blocked) if blocked else "",
        words=words_of(here),
        standing=standing,
        printed=printed(here),
        people=people,
        going=bool(standing and any(_is_going(one) for one in standing.rounds)),
        reminders=_reminders(here, standing) if standing else (),
        may_remind=_may_remind(standing),
        send=send,
        reminder=reminder,
        nothing=NothingForm(),
        about=about,
        round_name=round_name,
        most_reminders=MOST_REMINDERS,
        files=settings().smtp is None,
    )


def _is_going(one: overseeing.Round) -> bool:
    return one.state == "going" and one.again_at is None


def _standing(here: HereScan) -> Standing:
    return overseeing.standing(store(), scan=here.scan.id, by=here.actor, now=now())


def _may_remind(standing: Standing | None) -> bool:
    rounds = standing.rounds if standing else ()
    return 0 < len(rounds) <= MOST_REMINDERS


def _reminders(here: HereScan, standing: Standing) -> tuple[overseeing.Round, ...]:
    return tuple(one for one in standing.rounds if one.number)


def about(number: About) -> str:
    """A rough number in words."""
    if number.few:
        return _("fewer than %(least)s", least=LEAST)
    return _("about %(number)s", number=number.least) if number.least else _("none")


def round_name(number: int) -> str:
    if number == 0:
        return _("Invitation")
    return _("Reminder %(number)s", number=number)


@blueprint.route("/<slug>/<scan>/invitations/addresses", methods=["GET", "POST"])
def addresses(slug: str, scan: str) -> str | Response | tuple[str, int]:
    here, plan = at_links(slug, scan)
    # Who may not hand out ways in learns it before anything is typed.
    addressing.at_links(store(), scan, here.actor)
    form = AddressesForm(data={"language": LANGUAGES[0], "all_of": EACH})
    form.offer([(stratum.number, stratum.name) for stratum in plan.strata])
    loaded: Loaded | None = None
    if form.validate_on_submit():
        # The file first: who chooses a file means it. It is shown in the field, to be mended there.
        given = uploaded(form.file.data) or form.text.data or ""
        form.text.data = given
        loaded = addressing.load(
            store(),
            scan=scan,
            given=Given(given, int(form.all_of.data) if form.all_of.data else None, form.language.data),
            only_good=form.only_good.data,
            by=here.actor,
            now=now(),
        )
        if loaded.stored:
            flash(_stored(loaded), "done")
            return redirect(url_for("manage.invitations", slug=slug, scan=scan))
        form.text.errors = [_("Nothing was stored yet. Put right the rows named above and load again.")]
    page = render_template(
        "manage/addresses.html",
        here=here,
        plan=plan,
        form=form,
        example=EXAMPLES.get(language(), EXAMPLES["en"]),
        faults=[(fault.line, address_sentence(fault)) for fault in loaded.found.faults] if loaded else [],
        good=len(loaded.found.rows) if loaded else 0,
    )
    return (page, 400) if form.errors else page


@blueprint.route("/<slug>/<scan>/invitations/clear", methods=["GET", "POST"])
def clear_addresses(slug: str, scan: str) -> str | Response | tuple[str, int]:
    here, _plan = at_links(slug, scan)
    addressing.at_links(store(), scan, here.actor)
    form = SureForm()
    form.sure.label.text = _("I have the right list at hand, or want to start anew")
    if form.validate_on_submit():
        addressing.clear(store(), scan=scan, by=here.actor, now=now())
        flash(_("All addresses were taken away."), "done")
        return redirect(url_for("manage.invitations", slug=slug, scan=scan))
    page = render_template("manage/clear_addresses.html", here=here, form=form)
    return (page, 400) if form.errors else page


def _stored(loaded: Loaded) -> str:
    said = ngettext("%(num)s address was stored.", "%(num)s addresses were stored.", loaded.stored)
    left = len(loaded.found.faults)
    more = ngettext("%(num)s row was left out.", "%(num)s rows were left out.", left) if left else ""
    return f"{said} {more}".strip()


@blueprint.get("/<slug>/<scan>/invitations/letter")
def letter(slug: str, scan: str) -> str:
    """The letter as it will be, in both languages, as text."""
    here, _plan = at_links(slug, scan)
    shown = [
        (spoken, kind, _preview(here, spoken, kind == "reminder"))
        for kind in ("invitation", "reminder")
        for spoken in LANGUAGES
    ]
    return render_template("manage/letter.html", here=here, shown=shown, nothing=NothingForm(), me=_me())


@blueprint.get("/<slug>/<scan>/invitations/letter/<any(invitation, reminder):kind>.<spoken>.html")
def letter_as_html(slug: str, scan: str, kind: str, spoken: str) -> Response:
    """The same as a mail program shows it, on a page of its own whose style stands in it, as mail programs ask."""
    here, _plan = at_links(slug, scan)
    if spoken not in LANGUAGES:
        abort(404)
    answer = FlaskResponse(_preview(here, spoken, kind == "reminder").html or "", mimetype="text/html")
    answer.headers.update(
        {**headers.FIXED, "Content-Security-Policy": LETTER_POLICY, "Cache-Control": "no-store"}
    )
    return answer


def _preview(here: HereScan, spoken: str, reminder: bool) -> Message:
    return inviting_by_mail.preview(
        store(),
        scan=here.scan.id,
        language=spoken,
        reminder=reminder,
        site=Site.of(settings()),
        by=here.actor,
    )


def _me() -> str:
    return asking.account().email


@blueprint.post("/<slug>/<scan>/invitations/trial")
def trial(slug: str, scan: str) -> Response:
    here, _plan = at_links(slug, scan)
    if NothingForm().validate_on_submit():
        try:
            inviting_by_mail.send_trial(
                store(),
                scan=scan,
                language=language(),
                to=_me(),
                mailer=mailer(settings()),
                site=Site.of(settings()),
                by=here.actor,
                now=now(),
            )
            flash(_("A trial went to %(address)s.", address=_me()), "done")
        except NotSent as error:
            flash(_("The mail server did not take it: %(reason)s", reason=error), "warn")
        except Refused as error:
            flash(sentence(error), "warn")
    return redirect(url_for("manage.letter", slug=slug, scan=scan))


@blueprint.post("/<slug>/<scan>/invitations/send")
def send_invitations(slug: str, scan: str) -> str | Response | tuple[str, int]:
    here, plan = at_links(slug, scan)
    form = SendForm()
    if form.validate_on_submit():
        try:
            inviting_by_mail.start(store(), scan=scan, site=Site.of(settings()), by=here.actor, now=now())
        except Refused as error:
            form.sure.errors = [sentence(error)]
        else:
            current_app.extensions["queue"].post()
            flash(_("The invitations are going out."), "done")
            return redirect(url_for("manage.invitations", slug=slug, scan=scan))
    return _page(here, plan, send=form), 400


@blueprint.post("/<slug>/<scan>/invitations/remind")
def remind(slug: str, scan: str) -> str | Response | tuple[str, int]:
    """Now, or on the day that was filled in."""
    here, plan = at_links(slug, scan)
    form = ReminderForm()
    at_once = "now" in request.form and NothingForm().validate_on_submit()
    if at_once or form.validate_on_submit():
        try:
            said = _remind(here, None if at_once else form.day.data)
        except Refused as error:
            form.day.errors = [sentence(error)]
        else:
            flash(said, "done")
            return redirect(url_for("manage.invitations", slug=slug, scan=scan))
    return _page(here, plan, reminder=form), 400


def _remind(here: HereScan, day: date | None) -> str:
    """A reminder now, or on a day; what to say of it."""
    scan, here_site, moment = here.scan.id, Site.of(settings()), now()
    if day is not None:
        inviting_by_mail.plan(store(), scan=scan, day=day, site=here_site, by=here.actor, now=moment)
        return _("The reminder is planned.")
    inviting_by_mail.remind(store(), scan=scan, site=here_site, by=here.actor, now=moment)
    current_app.extensions["queue"].post()
    return _("The reminder is going out, to everybody.")


@blueprint.post("/<slug>/<scan>/invitations/<int:number>/call-off")
def call_off(slug: str, scan: str, number: int) -> Response:
    here, _plan = at_links(slug, scan)
    if NothingForm().validate_on_submit():
        inviting_by_mail.call_off(store(), scan=scan, number=number, by=here.actor, now=now())
        flash(_("The reminder was called off."), "done")
    return redirect(url_for("manage.invitations", slug=slug, scan=scan))
