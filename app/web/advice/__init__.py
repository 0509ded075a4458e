"""Pages adviser and management share: advice and answers, consultations, the sharing agreement, what became of it.

They stand apart from the adviser's own pages, so that the half of the key that opens a vault is never sent here.
"""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("advice", __name__, template_folder="templates")

from app.web.advice import (  # noqa: E402  registers the routes
    agreement,
    answers,
    consultations,
    overview,
    register,
    texts,
)

__all__ = ["agreement", "answers", "blueprint", "consultations", "overview", "register"]

blueprint.add_app_template_filter(texts.day, "advice_day")
blueprint.add_app_template_test(texts.dashed, "dashed")
