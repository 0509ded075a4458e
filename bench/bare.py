"""The yardstick: a bare Flask application with one SQLite file, one row a survey, no templates. For bench/intake.py.

It is served as Weerklank is (same server, processes, threads, loop and protocol) and asks as many questions
(BARE_QUESTIONS); a form of 40 beside one of 11 would make the yardstick slow. It answers a submission by a redirect to
the closing page, or with BARE_DIRECT at once, as Weerklank does.
"""

from __future__ import annotations

import os
import sqlite3
import threading

from flask import Flask, redirect, request

QUESTIONS = [f"q{number}" for number in range(int(os.environ.get("BARE_QUESTIONS", "40")))]
PAGE = (
    b"<!doctype html><title>Survey</title><form method=post>"
    + b"".join(
        b"<fieldset><legend>Question %d</legend>" % question
        + b"".join(
            b"<label><input type=radio name=q%d value=%d> %d</label>" % (question, code, code)
            for code in range(1, 6)
        )
        + b"</fieldset>"
        for question in range(len(QUESTIONS))
    )
    + b"<button>Send</button></form>"
)

application = Flask(__name__)
_local = threading.local()


def connection() -> sqlite3.Connection:
    """This thread's own, kept only when it is set up whole: two processes that start together may lock each other out."""
    if not hasattr(_local, "connection"):
        made = sqlite3.connect(os.environ["BARE_DATABASE"], isolation_level=None, timeout=30)
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("PRAGMA synchronous=FULL")
        made.execute("CREATE TABLE IF NOT EXISTS survey (id INTEGER PRIMARY KEY, answers TEXT)")
        _local.connection = made
    found: sqlite3.Connection = _local.connection
    return found


@application.get("/survey")
def page() -> bytes:
    return PAGE


@application.post("/survey")
def submit():  # type: ignore[no-untyped-def]
    answers = ",".join(request.form.get(question, "") for question in QUESTIONS)
    connection().execute("INSERT INTO survey (answers) VALUES (?)", (answers,))
    if os.environ.get("BARE_DIRECT"):
        return b"<!doctype html><title>Thanks</title>Thank you"
    return redirect("/thanks", 303)


@application.get("/thanks")
def thanks() -> bytes:
    return b"<!doctype html><title>Thanks</title>Thank you"
