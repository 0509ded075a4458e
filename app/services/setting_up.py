"""Makes an organisation with its first account, and changes its settings."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from urllib.parse import urlsplit

from app.core.access import Actor, Role, can, check
from app.core.refusal import Refused
from app.crypto import passwords
from app.storage.database import Store
from app.storage.office import accounts, audit, organisations
from app.storage.office.accounts import Account
from app.storage.office.organisations import HelpLine, Organisation, OrganisationSettings

# One person can then walk the short list to a first scan; what needs two pairs of eyes needs two accounts.
FIRST_ROLES = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})
MOST_NAME = 200
MOST_SLUG = 40
MOST_LINES = 20
_TAKEN_BY_PAGES = frozenset(
    {
        "account",
        "advice",
        "adviser",
        "invitation",
        "manage",
        "own",
        "reset",
        "results",
        "second",
        "sign-in",
        "sign-out",
        "static",
    }
)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_EMAIL = re.compile(r"{0}(\.{0})*@{0}(\.{0})*".format(r"[^@\s.,;:<>()\[\]\\\"]+"))


def set_up(
    store: Store,
    *,
    organisation: str,
    slug: str | None = None,
    email: str,
    name: str,
    password: str,
    now: datetime,
) -> tuple[int, int]:
    """Make an organisation and its first account, administrator and coordinator. Returns the ids of both.

    An address that has an account already gets the roles here as well, and must give its own password.
    Raises Refused: no-name, slug, slug-taken, email, account-exists, password-....
    """
    title, address = _title(organisation), clean_email(email)
    with store.reading() as session:
        known = accounts.by_email(session, address)
    secret = _secret_for(known, address, password)
    with store.office() as session:
        taken = {row.slug for row in organisations.everyone(session)}
        made = Organisation(slug=_slug(title, slug, taken), name=title)
        made.settings = OrganisationSettings(operator=title)
        account = accounts.by_email(session, address)
        if account is None:
            account = Account(email=address, name=name.strip()[:MOST_NAME], password=secret)
            session.add(account)
        session.add(made)
        session.flush()
        accounts.set_roles(session, account.id, made.id, FIRST_ROLES)
        by = Actor(account.name or address, made.id, FIRST_ROLES, account.id)
        audit.record(session, by=by, now=now, act="set-up", detail=title)
        return made.id, account.id


def change_settings(
    store: Store, *, name: str, settings: OrganisationSettings, by: Actor, now: datetime
) -> None:
    """Store the settings of the organisation; who may edit help lines only, changes help lines only.

    Raises NotAllowed, or Refused: no-name, quick-exit, help-line, too-many-help-lines.
    """
    check("edit-help", by)
    lines = tuple(line for line in (_line(line) for line in settings.help_lines) if line is not None)
    if len(lines) > MOST_LINES:
        raise Refused(
            "too-many-help-lines", f"at most {MOST_LINES} help lines fit on a page", most=MOST_LINES
        )
    with store.office() as session:
        row = organisations.get(session, by.organisation)
        assert row is not None
        before, name_before = row.settings, row.name
        after = before
        if can("edit-organisation", by):
            row.name = _title(name)
            after = settings
            _check_exit(after.quick_exit)
        ordered = tuple(sorted(lines, key=lambda line: not line.own))
        row.settings = after = OrganisationSettings(
            operator=after.operator.strip(),
            report_elsewhere=after.report_elsewhere.strip(),
            help_lines=ordered,
            coordinator_prints_slips=after.coordinator_prints_slips,
            quick_exit=after.quick_exit.strip(),
            advice_reminders=after.advice_reminders,
        )
        changed = _changes(before, after) + (["name"] if row.name != name_before else [])
        if changed:
            audit.record(session, by=by, now=now, act="change-settings", detail=", ".join(changed))


def clean_email(email: str) -> str:
    """The address as it is compared and stored. Raises Refused("email")."""
    address = unicodedata.normalize("NFC", email.strip().lower())
    if len(address) > 254 or not _EMAIL.fullmatch(address) or not address.isprintable():
        raise Refused("email", "this is not an e-mail address; it needs a name, an @ and a domain")
    return address


def check_password(password: str, email: str) -> None:
    """Raise Refused("password-short", -long, -address or -common) for a password that can't be used."""
    why = passwords.weakness(password, email=email)
    if why is not None:
        raise Refused(f"password-{why}", _WEAK[why], least=passwords.LEAST, most=passwords.MOST)


_WEAK = {
    "short": f"the password is too short; use at least {passwords.LEAST} characters, for instance four words",
    "long": f"the password is too long; use at most {passwords.MOST} characters",
    "address": "the password may not be the e-mail address",
    "common": "the password is too easily guessed; use four words that have nothing to do with each other",
}


def slug_from(name: str) -> str:
    """A short name for addresses: small ASCII letters, digits and single dashes, at most 40; may be ""."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MOST_SLUG].strip("-")


def _slug(name: str, wanted: str | None, taken: set[str]) -> str:
    if wanted is not None:
        if not _SLUG.fullmatch(wanted) or len(wanted) > MOST_SLUG or wanted in _TAKEN_BY_PAGES:
            raise Refused(
                "slug",
                f"“{wanted}” can't be used in an address; use small letters, digits and dashes",
                slug=wanted,
            )
        if wanted in taken:
            raise Refused(
                "slug-taken", f"another organisation here is called “{wanted}” in addresses", slug=wanted
            )
        return wanted
    stem = slug_from(name) or "organisation"
    number, slug = 1, stem
    while slug in taken or slug in _TAKEN_BY_PAGES:
        number += 1
        slug = f"{stem[: MOST_SLUG - 4].rstrip('-')}-{number}"
    return slug


def _secret_for(known: Account | None, address: str, password: str) -> str:
    if known is None:
        check_password(password, address)
        return passwords.hashed(password)
    if not passwords.matches(known.password, password):
        raise Refused(
            "account-exists",
            f"{address} has an account here; give the password of that account",
            email=address,
        )
    return known.password


def _title(name: str) -> str:
    title = " ".join(name.split())
    if not title or len(title) > MOST_NAME:
        raise Refused(
            "no-name", f"the organisation needs a name of at most {MOST_NAME} characters", most=MOST_NAME
        )
    return title


def _check_exit(address: str) -> None:
    parts = urlsplit(address.strip())
    if parts.scheme != "https" or not parts.hostname or not address.isprintable():
        raise Refused("quick-exit", "the quick exit must be a page whose address starts with https://")


def _line(line: HelpLine) -> HelpLine | None:
    """Tidied; None for an empty row. Raises Refused("help-line") for one without a name or a contact."""
    name, contact = " ".join(line.name.split()), " ".join(line.contact.split())
    if not name and not contact:
        return None
    if not name or not contact:
        raise Refused("help-line", "each help line needs a name and how to reach it", name=name or contact)
    return HelpLine(name[:120], contact[:120], " ".join(line.hours.split())[:120], line.own)


def _changes(before: OrganisationSettings, after: OrganisationSettings) -> list[str]:
    return [
        name
        for name in OrganisationSettings.__dataclass_fields__
        if getattr(before, name) != getattr(after, name)
    ]
