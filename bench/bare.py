"""The yardstick: a bare Flask application with one SQLite file, one row a survey, no templates. For bench/intake.py."""

from __future__ import annotations

import os
import sqlite3
import threading

from flask import Flask, redirect, request

PAGE = (
    b"<!doctype html><title>Survey</title><form method=post>"
    + b"".join(
        b"<fieldset><legend>Question %d</legend>" % question
        + b"".join(
            b"<label><input type=radio name=q%d value=%d> %d</label>" % (question, code, code)
            for code in range(1, 6)
        )
        + b"</fieldset>"
        for question in range(40)
    )
    + b"<button>Send</button></form>"
)
QUESTIONS = [f"q{number}" for number in range(40)]

application = Flask(__name__)
_local = threading.local()


def connection() -> sqlite3.Connection:
    if not hasattr(_local, "connection"):
        _local.connection = sqlite3.connect(os.environ["BARE_DATABASE"], isolation_level=None, timeout=30)
        _local.connection.execute("PRAGMA journal_mode=WAL")
        _local.connection.execute("PRAGMA synchronous=FULL")
        _local.connection.execute("CREATE TABLE IF NOT EXISTS survey (id INTEGER PRIMARY KEY, answers TEXT)")
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
