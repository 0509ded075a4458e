"""The first page of an adviser in one organisation: a slug enters, what there is to do leaves."""

from __future__ import annotations

from flask import render_template

from app.web.adviser import blueprint
from app.web.adviser.here import enter


@blueprint.get("/<slug>/")
def home(slug: str) -> str:
    return render_template("adviser/home.html", here=enter(slug))
