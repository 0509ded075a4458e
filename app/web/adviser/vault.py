"""The page about the vault: whether there is one, who is in it, and what this adviser does next."""

from __future__ import annotations

from flask import render_template

from app.web.adviser import blueprint
from app.web.adviser.here import look
from app.web.adviser.refusals import why


@blueprint.get("/<slug>/vault")
def vault(slug: str) -> str:
    here = look(slug)
    return render_template("adviser/vault.html", here=here, says=why(here.closed))
