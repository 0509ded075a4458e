"""One update of the board: its number enters; all its fields, every version that was published and advisers' remarks leave."""

from __future__ import annotations

from flask import Response, abort
from flask_babel import get_locale
from markupsafe import Markup

from app.core.feedback import Content
from app.render import markdown
from app.storage.office import updates
from app.web.changes import hearing, public, ready
from app.web.changes.front import Around, around, show
from app.web.ui import store


@public.get("/<address>/<int:update>/")
def update(address: str, update: int) -> Response:
    """Made at each visit: what people notice of it changes without a new version."""
    return ready.fresh(_update(address, update))


def _update(address: str, number: int) -> str:
    found = around(address)
    with store().reading() as session:
        row = updates.get(session, found.here.organisation.id, number)
        if row is None or not row.version:
            abort(404)
        versions = [one for one in updates.versions(session, number) if one.version <= row.version]
        remarks = updates.remarks(session, number)
        heard = hearing.heard(session, found.here.organisation.id)
    now = versions[-1]
    return show(
        "board-update",
        found,
        update=row,
        content=now.content,
        version=now,
        earlier=list(reversed(versions[:-1])),
        remarks=remarks,
        about=heard.about(number, now.content),
        as_html=as_html,
        unit=_unit(found, now.content),
    )


def as_html(text: str, language: str) -> Markup:
    """Markdown that staff wrote, marked as another language where it is."""
    made = Markup(markdown.html(text))
    if made and language != str(get_locale()):
        return Markup('<div lang="{}">{}</div>').format(language, made)
    return made


def _unit(found: Around, content: Content) -> str:
    """The name of the unit it is about; "" for the organisation as a whole, or where that unit is shown nowhere now."""
    return found.units.get(content.unit, "") if content.unit else ""
