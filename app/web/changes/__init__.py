"""What changed: the board that everybody reads without an account, and the pages on which staff write it.

`public` answers under /b/ and never has a session or a cookie; `blueprint` under /changes/ is for staff.
"""

from __future__ import annotations

from flask import Blueprint

public = Blueprint("board", __name__, template_folder="templates")
blueprint = Blueprint("changes", __name__, template_folder="templates")

<<<<<<< HEAD
from app.web.changes import action_plan, board, overview, talk  # noqa: E402, F401  registers the routes
=======
from app.web.changes import board, feeds, overview, subscribing  # noqa: E402, F401  registers the routes
>>>>>>> 5ecd8d7 (Let people follow the board by feed or mail, confirmed by a button and stopped by a click, and prove it with a real mail server and a killed worker)
