"""The letters to staff, in both languages: names and a link enter, a message leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from app.mail import Message

_INVITATION = {
    "nl": (
        "Uitnodiging voor Weerklank van {organisation}",
        """Hallo,

{inviter} nodigt je uit om mee te werken in Weerklank bij {organisation}.
Weerklank is het programma waarmee {organisation} anonieme cultuurscans houdt.

Open deze link om de uitnodiging te bekijken en aan te nemen:

{link}

De link werkt één keer en is 7 dagen geldig.
Kende je deze uitnodiging niet? Dan hoef je niets te doen.
""",
    ),
    "en": (
        "Invitation to Weerklank from {organisation}",
        """Hello,

{inviter} invites you to work with Weerklank at {organisation}.
Weerklank is the program with which {organisation} runs anonymous culture scans.

Open this link to look at the invitation and accept it:

{link}

The link works once, for 7 days.
Did you not expect this? Then you don't need to do anything.
""",
    ),
}
_RESET = {
    "nl": (
        "Een nieuw wachtwoord voor Weerklank",
        """Hallo,

Iemand vroeg om een nieuw wachtwoord voor dit e-mailadres.
Was jij dat? Kies dan hier een nieuw wachtwoord:

{link}

De link werkt één keer en is 1 uur geldig.
Was jij het niet? Dan hoef je niets te doen. Je wachtwoord blijft hetzelfde.
""",
    ),
    "en": (
        "A new password for Weerklank",
        """Hello,

Somebody asked for a new password for this e-mail address.
Was it you? Then choose a new password here:

{link}

The link works once, for 1 hour.
Was it not you? Then you don't need to do anything. Your password stays the same.
""",
    ),
}
_CHANGED = {
    "nl": (
        "Je wachtwoord voor Weerklank is veranderd",
        """Hallo,

Het wachtwoord van je account is zojuist veranderd. Overal waar je was ingelogd, ben je nu uitgelogd.
Was jij dat? Dan is alles in orde.
Was jij het niet? Vraag dan meteen een nieuw wachtwoord aan en vertel het je beheerder:

{link}
""",
    ),
    "en": (
        "Your password for Weerklank was changed",
        """Hello,

The password of your account was changed just now. You were signed out everywhere.
Was it you? Then all is well.
Was it not you? Then ask for a new password right away and tell your administrator:

{link}
""",
    ),
}

_UNANSWERED = {
    "nl": (
        "Er wacht advies op antwoord bij {organisation}",
        """Hallo,

De vertrouwenspersoon van {organisation} vroeg om een antwoord. {open} {late}
Je kunt antwoorden met: dat doen we, deels, niet (met de reden) of later (met een datum).
{link}
Wat er in het advies staat, lees je alleen na het inloggen.
Je krijgt deze herinnering hoogstens een keer per week. De organisatie kan dit uitzetten bij Instellingen.
""",
    ),
    "en": (
        "Advice is waiting for an answer at {organisation}",
        """Hello,

The confidential adviser of {organisation} asked for an answer. {open} {late}
You can answer with: we do it, partly, not (with the reason) or later (with a date).
{link}
What the advice says you can only read after signing in.
You get this reminder at most once a week. The organisation can turn it off under Settings.
""",
    ),
}
_DIGEST = {
    "nl": (
        "Advies zonder antwoord bij {organisation}",
        """Hallo,

Dit staat open van de adviezen aan {organisation}. {open} {late}
De leiding kreeg vandaag een herinnering. Je kunt een advies ook herhalen, op een moment dat jij kiest.
{link}
Je krijgt dit bericht hoogstens een keer per week. De organisatie kan dit uitzetten bij Instellingen.
""",
    ),
    "en": (
        "Advice without an answer at {organisation}",
        """Hello,

This stands open of the advice to {organisation}. {open} {late}
Management was reminded today. You can repeat an advice as well, at a moment that you choose.
{link}
You get this message at most once a week. The organisation can turn it off under Settings.
""",
    ),
}
_OPEN = {
    "nl": ("1 advies wacht op antwoord.", "{number} adviezen wachten op antwoord."),
    "en": ("1 piece of advice waits for an answer.", "{number} pieces of advice wait for an answer."),
}
_LATE = {
    "nl": ("", "Bij 1 is de datum voorbij.", "Bij {number} is de datum voorbij."),
    "en": ("", "The date of 1 has passed.", "The date of {number} has passed."),
}


class Unanswered(Protocol):
    """A letter about advice without an answer: how much there is and how much is late, never what it says."""

    def __call__(
        self, language: str, *, to: str, organisation: str, open: int, late: int, link: str
    ) -> Message: ...


def unanswered(language: str, *, to: str, organisation: str, open: int, late: int, link: str) -> Message:
    """To management."""
    return _about_advice(_UNANSWERED, language, to, organisation, open, late, link)


def unanswered_digest(
    language: str, *, to: str, organisation: str, open: int, late: int, link: str
) -> Message:
    """To an adviser."""
    return _about_advice(_DIGEST, language, to, organisation, open, late, link)


def _about_advice(
    letter: dict[str, tuple[str, str]],
    language: str,
    to: str,
    organisation: str,
    open: int,
    late: int,
    link: str,
) -> Message:
    spoken = language if language in _OPEN else "en"
    one, many = _OPEN[spoken]
    made = _letter(
        letter,
        language,
        to,
        organisation=organisation,
        open=one if open == 1 else many.format(number=open),
        late=_LATE[spoken][min(late, 2)].format(number=late),
        link=link,
    )
    # Without a public address there is no link, only the empty line in its place.
    text = "\n".join(line.rstrip() for line in made.text.splitlines()) + "\n"
    return replace(made, text=text.replace(link, f"\n{link}\n") if link else text)


_OPERATOR = {"nl": "Wie de server beheert,", "en": "Who runs the server"}
_SECOND_CHANGED = {
    "nl": (
        "Je tweede stap bij inloggen is veranderd",
        """Hallo,

Bij je account voor Weerklank is zojuist een passkey of app toegevoegd of weggehaald.
Was jij dat? Dan is alles in orde.
Was jij het niet? Verander dan meteen je wachtwoord en vertel het je beheerder.
""",
    ),
    "en": (
        "Your second step of signing in was changed",
        """Hello,

A passkey or an app was added to your account for Weerklank just now, or taken away.
Was it you? Then all is well.
Was it not you? Then change your password right away and tell your administrator.
""",
    ),
}
_SECOND_RESET = {
    "nl": (
        "Je tweede stap bij inloggen is gewist",
        """Hallo,

{by} heeft de passkeys, de app en de reservecodes van je account gewist. Overal waar je was ingelogd, ben je nu uitgelogd.
Log in met je wachtwoord en stel de tweede stap opnieuw in. Doe dat snel: tot die tijd is je wachtwoord genoeg.
Je kluis gaat hier niet van open. Daar is je wachtzin voor nodig.
Vroeg je hier niet om? Verander dan meteen je wachtwoord en bel je beheerder.
""",
    ),
    "en": (
        "Your second step of signing in was reset",
        """Hello,

{by} has erased the passkeys, the app and the spare codes of your account. You were signed out everywhere.
Sign in with your password and set up the second step again. Do it soon: until then your password is enough.
This doesn't open your vault. That needs your passphrase.
Did you not ask for this? Then change your password right away and call your administrator.
""",
    ),
}


def invitation(language: str, *, to: str, organisation: str, inviter: str, link: str) -> Message:
    return _letter(_INVITATION, language, to, organisation=organisation, inviter=inviter, link=link)


def reset(language: str, *, to: str, link: str) -> Message:
    return _letter(_RESET, language, to, link=link)


def changed(language: str, *, to: str, link: str) -> Message:
    return _letter(_CHANGED, language, to, link=link)


def second_changed(language: str, *, to: str) -> Message:
    return _letter(_SECOND_CHANGED, language, to)


def second_reset(language: str, *, to: str, by: str) -> Message:
    """`by` is who did it; "" for who runs the server."""
    return _letter(_SECOND_RESET, language, to, by=by or _OPERATOR.get(language, _OPERATOR["en"]))


def _letter(letter: dict[str, tuple[str, str]], language: str, to: str, **facts: str) -> Message:
    subject, text = letter.get(language, letter["en"])
    one_line = {name: " ".join(fact.split()) for name, fact in facts.items()}
    return Message(to, subject.format(**one_line), text.format(**one_line))
