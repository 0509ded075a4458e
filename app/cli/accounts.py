"""Commands about accounts of staff, for when nobody can do it on the pages."""

from __future__ import annotations

import click

from app.cli import opening
from app.cli.saying import as_json_option, say


@click.group()
def account() -> None:
    """Help somebody who can't sign in any more."""


@account.command("reset-second-factor")
@click.argument("email")
@as_json_option
def reset_second_factor(*, email: str, as_json: bool) -> None:
    """Erase passkeys, app and spare codes of an account, and sign it out.

    For when there is no other administrator: else that is done on the page of the colleague.
    Its owner gets a letter, and it stands in the log. Opens no vault: that needs the adviser's passphrase or recovery code.
    """
    from app.core.access import at_command_line
    from app.mail import NotSent, mailer
    from app.services import securing
    from app.storage.office import accounts

    opened = opening.installation()
    with opened.store.reading() as session:
        row = accounts.by_email(session, email)
        houses = accounts.organisations_of(session, row.id) if row is not None else []
    if row is None or not houses:
        raise click.ClickException(f"no account here signs in as {email}.")
    words = f"The second step of {row.email} was reset; the password is enough until a new one is set up."
    try:
        securing.reset(
            opened.store,
            account=row.id,
            by=at_command_line(houses[0]),
            now=opening.now(),
            mailer=mailer(opened.settings),
        )
    except NotSent as error:
        words += f"\nThe letter about it could not be sent ({error}); tell them yourself."
    say({"email": row.email, "reset": True}, words, as_json=as_json)
