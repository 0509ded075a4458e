"""The letters to staff, in both languages: names and a link enter, a message leaves."""

from __future__ import annotations

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


def invitation(language: str, *, to: str, organisation: str, inviter: str, link: str) -> Message:
    return _letter(_INVITATION, language, to, organisation=organisation, inviter=inviter, link=link)


def reset(language: str, *, to: str, link: str) -> Message:
    return _letter(_RESET, language, to, link=link)


def changed(language: str, *, to: str, link: str) -> Message:
    return _letter(_CHANGED, language, to, link=link)


def _letter(letter: dict[str, tuple[str, str]], language: str, to: str, **facts: str) -> Message:
    subject, text = letter.get(language, letter["en"])
    one_line = {name: " ".join(fact.split()) for name, fact in facts.items()}
    return Message(to, subject.format(**one_line), text.format(**one_line))
