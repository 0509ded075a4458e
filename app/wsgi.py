"""The application for a WSGI server: `app.wsgi:application`, made from the instance folder when this is imported."""

from __future__ import annotations

from app import create_app

application = create_app()

# Templates are compiled here, before the server forks: every process shares them, and no visitor waits for them.
if not application.extensions["settings"].only:
    for _name in application.jinja_env.list_templates(extensions=["html", "txt", "xml"]):
        application.jinja_env.get_template(_name)
