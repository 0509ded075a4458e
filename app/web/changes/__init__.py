"""What changed: the board that everybody reads without an account, and the pages on which staff write it.

`public` answers under /b/ and never has a session or a cookie; `blueprint` under /changes/ is for staff.
"""

from __future__ import annotations

from flask import Blueprint

public = Blueprint("board", __name__, template_folder="templates")
blueprint = Blueprint("changes", __name__, template_folder="templates")

from app.web.changes import action_plan, board, overview, talk  # noqa: E402, F401  registers the routes
