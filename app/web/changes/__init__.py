"""What changed: the board that everybody reads without an account, and the pages on which staff write it.

`public` answers under /b/ and never has a session or a cookie; `blueprint` under /changes/ is for staff.
"""

from __future__ import annotations

from flask import Blueprint

public = Blueprint("board", __name__, template_folder="templates")
blueprint = Blueprint("changes", __name__, template_folder="templates")

from app.web.changes import (  # noqa: E402  registers the routes
    action_plan,  # noqa: F401
    board,  # noqa: F401
    feeds,  # noqa: F401
    front,  # noqa: F401
    hearing,  # noqa: F401
    measures,  # noqa: F401
    one,  # noqa: F401
    one_update,  # noqa: F401
    overview,  # noqa: F401
    placing,  # noqa: F401
    poster,  # noqa: F401
    reaching,  # noqa: F401
    staff_results,  # noqa: F401
    subscribing,  # noqa: F401
    talk,  # noqa: F401
    writing,  # noqa: F401
)
