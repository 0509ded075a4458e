"""Mail about what changes: an address enters, or a link of a letter; what was typed is shown on no page that follows."""

from __future__ import annotations

from flask import current_app, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields import SelectChoice

from app.core.refusal import Refused
from app.services import subscribing
from app.web.changes import public
from app.web.changes.board import at
from app.web.ui import LANGUAGES, settings, store
from app.web.ui.asking import now
from app.web.ui.languages import choose


class SubscribeForm(FlaskForm):
    """Without a proof of origin, for there is no session; all that can be done with it is to send a letter that asks."""

    class Meta:
        csrf = False

    email = StringField(
        lazy_gettext("Your e-mail address"),
        render_kw={"type": "email", "autocomplete": "email", "maxlength": 254},
    )
    language = RadioField(
        lazy_gettext("Language of the mail"),
        choices=[SelectChoice(value="nl", label="Nederlands"), SelectChoice(value="en", label="English")],
    )


@public.route("/<address>/subscribe", methods=["GET", "POST"])
def subscribe(address: str) -> str | tuple[str, int]:
    here, form = at(address), SubscribeForm()
    if not settings().can_mail:
        return render_template("changes/subscribe.html", here=here, form=None)
    if not form.is_submitted():
        form.language.data = choose()
        return render_template("changes/subscribe.html", here=here, form=form)
    language = form.language.data if form.language.data in LANGUAGES else choose()
    form.language.data = language
    try:
        subscribing.ask(
            store(),
            key=settings().subscribers_key,
            domain=settings().mail_domain,
            organisation=here.organisation.id,
            email=form.email.data or "",
            language=language,
            now=now(),
        )
    except Refused as error:
        form.email.errors = [_sentence(error)]
        return render_template("changes/subscribe.html", here=here, form=form), 400
    current_app.extensions["queue"].post()
    return render_template("changes/subscribed.html", here=here, days=subscribing.DAYS_TO_CONFIRM)


def _sentence(error: Refused) -> str:
    if error.reason == "busy":
        return str(_("Many people are asking for mail right now. Try again in an hour."))
    return str(_("This is not an e-mail address. Write it like name@example.nl."))


@public.get("/<address>/confirm/<token>")
def confirm(address: str, token: str) -> str | tuple[str, int]:
    """Opening the link does nothing: programs that look into mail open it too."""
    here = at(address)
    key = settings().subscribers_key
    if not subscribing.can_confirm(store(), key=key, organisation=here.organisation.id, token=token):
        return render_template("changes/link-over.html", here=here), 404
    return render_template("changes/confirm.html", here=here, token=token)


@public.post("/<address>/confirm/<token>")
def confirmed(address: str, token: str) -> str | tuple[str, int]:
    here = at(address)
    key = settings().subscribers_key
    try:
        subscribing.confirm(store(), key=key, organisation=here.organisation.id, token=token)
    except Refused:
        return render_template("changes/link-over.html", here=here), 404
    return render_template("changes/confirmed.html", here=here)


@public.get("/<address>/unsubscribe/<token>")
def unsubscribe(address: str, token: str) -> str:
    return render_template("changes/unsubscribe.html", here=at(address), token=token)


@public.post("/<address>/unsubscribe/<token>")
def unsubscribed(address: str, token: str) -> str:
    """The button of the page, and the one click of a mail program (RFC 8058): without session, cookie or question."""
    here = at(address)
    key = settings().subscribers_key
    subscribing.unsubscribe(store(), key=key, organisation=here.organisation.id, token=token)
    return render_template("changes/unsubscribed.html", here=here)
