"""Pages for everybody who may read results: what a release says, in sentences, pictures and tables."""

from __future__ import annotations

from datetime import date

from flask_babel import get_locale

from app.render import numbers
from app.web.results import editions

blueprint = editions.ByEdition("results", __name__, template_folder="templates")
blueprint.url_value_preprocessor(editions.take)
blueprint.url_defaults(editions.stay)


@blueprint.app_template_filter("long_day")
def _long_day(when: date) -> str:
    return numbers.day(when, str(get_locale()))


@blueprint.app_template_filter("number_says")
def _number_says(value: float) -> str:
    return numbers.figure(value, str(get_locale()))


from app.web.results import (  # noqa: E402  registers the routes
    attacking,  # noqa: F401
    comparing,  # noqa: F401
    mapping,  # noqa: F401
    reports,  # noqa: F401
    showing,
    views,  # noqa: F401
    voices,  # noqa: F401
)

blueprint.add_app_template_filter(showing.as_html, "as_table")
