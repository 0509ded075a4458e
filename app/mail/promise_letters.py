"""The letter that reminds staff of dates that come near: titles and dates as on the board enter, a message leaves."""

from __future__ import annotations

from collections.abc import Sequence

from app.mail import Message

Promise = tuple[str, str, str]
"""What ("due", "next", "results", "decisions"), its title and its date as text."""

_WORDS = {
    "nl": {
        "subject": "Binnenkort beloofd bij {organisation}",
        "opening": "Hallo,\n\nDit is binnenkort beloofd aan iedereen bij {organisation}:\n",
        "due": "- “{title}” is klaar op {day}",
        "next": "- over “{title}” horen mensen meer op {day}",
        "results": "- iedereen ziet de uitkomsten van “{title}” op {day}",
        "decisions": "- iedereen leest wat er besloten is na “{title}”, uiterlijk op {day}",
        "closing": "\nLukt het niet? Zet dan op tijd op het bord waarom, en wanneer wel.\n"
        "Je krijgt over elke datum één bericht.\n",
    },
    "en": {
        "subject": "Promised soon at {organisation}",
        "opening": "Hello,\n\nThis was promised to everybody at {organisation} and is near:\n",
        "due": "- “{title}” is done by {day}",
        "next": "- people hear more about “{title}” on {day}",
        "results": "- everybody sees the results of “{title}” on {day}",
        "decisions": "- everybody reads what was decided after “{title}”, by {day}",
        "closing": "\nWon't it be done? Then say on the board in time why, and when it will.\n"
        "You get one message about each date.\n",
    },
}


def promises_near(
    language: str, *, to: str, organisation: str, promises: Sequence[Promise], link: str
) -> Message:
    words = _WORDS.get(language, _WORDS["en"])
    name = " ".join(organisation.split())
    lines = [words["opening"].format(organisation=name)]
    lines += [words[what].format(title=" ".join(title.split()), day=day) for what, title, day in promises]
    lines += [f"\n{link}"] if link else []
    return Message(to, words["subject"].format(organisation=name), "\n".join([*lines, words["closing"]]))
