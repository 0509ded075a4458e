"""The letter that reminds staff of dates that come near: titles and dates as on the board enter, a message leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.mail import Message
from app.render import numbers

Promise = tuple[str, str, date]
"""What ("due", "next", "results", "decisions"), its title and its date."""

_WORDS = {
    "nl": {
        "subject": "Binnenkort beloofd bij {organisation}",
        "opening": "Hallo,\n\nDit is binnenkort beloofd aan iedereen bij {organisation}:\n",
        "due": "- “{title}” is klaar op {day}",
        "next": "- over “{title}” horen mensen meer op {day}",
        "results": "- iedereen ziet de resultaten van “{title}” op {day}",
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


_NOT_OUT = {
    "nl": {
        "subject": "De resultaten van “{scan}” zijn er niet",
        "opening": "Hallo,\n\nDe resultaten van “{scan}” bij {organisation} zijn aan iedereen beloofd voor {day}.\n"
        "Weerklank wilde ze klaarzetten, maar dat lukte niet.\n",
        "unsafe": "Bij de proef of iemand te vinden is, bleef er niets over dat veilig te laten zien is.\n",
        "broken": "Er ging iets mis op de server. De beheerder vindt in het logboek wat.\n",
        "closing": "\nWat kun je doen?\n"
        "- Probeer zelf de resultaten vrij te geven.\n"
        "- Lukt het niet op tijd? Beloof dan een latere dag en zeg waarom. Iedereen leest dat op het bord.\n"
        "\nOp het bord staat nu ook dat het niet lukte. Op de beloofde dag, en daarna elke week, probeert Weerklank het nog "
        "een keer.\n",
    },
    "en": {
        "subject": "The results of “{scan}” are not there",
        "opening": "Hello,\n\nThe results of “{scan}” at {organisation} were promised to everybody for {day}.\n"
        "Weerklank tried to make them ready, and that did not work.\n",
        "unsafe": "The test whether anybody can be found left nothing that is safe to show.\n",
        "broken": "Something went wrong on the server. The administrator finds in the log what.\n",
        "closing": "\nWhat can you do?\n"
        "- Try to release the results yourself.\n"
        "- Won't it be in time? Then promise a later day and say why. Everybody reads that on the board.\n"
        "\nThe board says now that it did not work. On the promised day, and every week after it, Weerklank tries again.\n",
    },
}


def results_not_out(
    language: str, *, to: str, organisation: str, scan: str, day: date, unsafe: bool, link: str
) -> Message:
    """To who releases: what was promised can't come out by itself."""
    words = _NOT_OUT.get(language, _NOT_OUT["en"])
    names = {
        "organisation": " ".join(organisation.split()),
        "scan": " ".join(scan.split()),
        "day": _day(day, language),
    }
    parts = [words["opening"].format(**names), words["unsafe" if unsafe else "broken"], words["closing"]]
    return Message(to, words["subject"].format(**names), "\n".join([*parts, *([link] if link else [])]))


def promises_near(
    language: str, *, to: str, organisation: str, promises: Sequence[Promise], link: str
) -> Message:
    words = _WORDS.get(language, _WORDS["en"])
    name = " ".join(organisation.split())
    lines = [words["opening"].format(organisation=name)]
    lines += [
        words[what].format(title=" ".join(title.split()), day=_day(day, language))
        for what, title, day in promises
    ]
    lines += [f"\n{link}"] if link else []
    return Message(to, words["subject"].format(organisation=name), "\n".join([*lines, words["closing"]]))


def _day(day: date, language: str) -> str:
    return numbers.day(day, language if language in _WORDS else "en")
