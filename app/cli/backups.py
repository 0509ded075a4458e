"""Commands for backups: a folder enters, two sealed files leave; a file enters, an installation leaves."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.saying import as_json_option, say

if TYPE_CHECKING:
    from app.crypto.streams import Lock, Unlock

PASSPHRASE = "WEERKLANK_BACKUP_PASSPHRASE"
PUBLIC = "backup.public"
_SHORTEST = 12
ANSWERS = {
    "new": "Ballots and what was issued: as they are now.",
    "earlier": "Ballots and what was issued: as in the backup before, because too few came in since for a copy that tells "
    "nobody's answers apart. If the server is lost now, those few have to answer again.",
    "none": "Ballots and what was issued: NOT in it yet, because too few came in for a copy that tells nobody's answers apart.",
}


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--new-key",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Make a key pair first: its private half becomes this file, to be kept off this machine.",
)
@click.option(
    "--destroyed",
    type=click.Path(path_type=Path),
    help="Another folder that is no more in use, in which you destroyed what was there by hand.",
)
@as_json_option
def backup(*, folder: Path, new_key: Path | None, destroyed: Path | None, as_json: bool) -> None:
    """Write a sealed backup of everything in FOLDER, over the one before.

    It is sealed to the key that --new-key made once; without one, under the passphrase in WEERKLANK_BACKUP_PASSPHRASE or
    one that is asked for. Keys of scans with personal links go in a second file, in which sealing a scan destroys its key.
    """
    from app.cli import opening
    from app.services import backing_up

    opened = opening.installation()
    instance = opened.settings.instance
    if new_key is not None:
        _make_key(new_key, instance / PUBLIC)
    if destroyed is not None:
        backing_up.forget_folder(opened.store, destroyed.resolve())
    made = backing_up.back_up(
        opened.store, folder=folder.resolve(), instance=instance, lock=_lock(instance / PUBLIC)
    )
    lines = [f"Backed up to {made.archive}.", ANSWERS[made.answers]]
    if made.elsewhere:
        lines.append(
            f"NOT in it, because on PostgreSQL: {', '.join(made.elsewhere)}. Its own tools copy those (docs/operations.md)."
        )
    lines.extend(left_words(made.keys_left))
    if new_key is not None:
        lines.append(f"Take {new_key} off this machine and keep it safe: without it no backup can be opened.")
    data = {
        "archive": str(made.archive),
        "answers": made.answers,
        "elsewhere": list(made.elsewhere),
        "keys_left": list(made.keys_left),
    }
    say(data, "\n".join(lines), as_json=as_json)


def left_words(left: tuple[tuple[str, str], ...]) -> list[str]:
    """What is to be destroyed by hand, where sealing could not reach a file of keys."""
    return [
        f"The key of sealed scan {scan} could not be destroyed in {folder}: destroy every copy of weerklank-keys.backup from "
        f"there by hand, then say so with “weerklank backup --destroyed {folder} FOLDER”."
        for folder, scan in left
    ]


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--keys",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file of keys, where it isn't beside FILE.",
)
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The private key that --new-key made.",
)
@as_json_option
def restore(*, file: Path, keys: Path | None, key: Path | None, as_json: bool) -> None:
    """Put a backup FILE back into an empty instance folder (WEERKLANK_INSTANCE).

    Refuses a folder that has databases. Answers and links of after the backup are lost: links opened since then work once more.
    """
    from app import settings
    from app.services import backing_up
    from app.storage.backups import KEYS

    beside = file.with_name(KEYS)
    chosen = keys or (beside if beside.is_file() else None)
    instance = settings.instance_path()
    restored = backing_up.restore(file, chosen, unlock=_unlock(key), instance=instance)
    lines = [f"Restored to {instance}: {' and '.join(restored.parts)}."]
    if "answers" not in restored.parts:
        lines.append(
            "This backup holds no ballots and no invitations: scans that were open have to begin anew."
        )
    else:
        lines.append(
            "Answers of after the ballots were last copied are lost: tell people. Links that were opened since then work "
            "once more, so each of those people could take part twice."
        )
    if chosen is None:
        lines.append("Without the file of keys, personal links of open scans don't work.")
    data = {
        "instance": str(instance),
        "parts": list(restored.parts),
        "scans_with_keys": list(restored.scan_keys),
    }
    say(data, "\n".join(lines), as_json=as_json)


def _make_key(private: Path, public: Path) -> None:
    from app.crypto.vault import Pair

    pair = Pair.of(secrets.token_bytes(32))
    descriptor = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"weerklank backup key 1\n{pair.private.hex()}\n")
    public.write_text(pair.public.hex() + "\n", "utf-8")


def _lock(public: Path) -> Lock:
    from app.crypto.streams import Lock

    if public.is_file():
        return Lock(public=bytes.fromhex(public.read_text("utf-8").strip()))
    passphrase = _passphrase(again=True)
    if len(passphrase) < _SHORTEST:
        raise click.ClickException(f"a passphrase for backups has at least {_SHORTEST} characters.")
    return Lock(passphrase=passphrase)


def _unlock(key: Path | None) -> Unlock:
    from app.crypto.streams import Unlock

    if key is None:
        return Unlock(passphrase=_passphrase(again=False))
    try:
        lines = key.read_text("utf-8").splitlines()
        assert lines[0] == "weerklank backup key 1"
        return Unlock(private=bytes.fromhex(lines[1]))
    except (AssertionError, IndexError, ValueError):
        raise click.ClickException(f"{key} is no key of a backup.") from None


def _passphrase(*, again: bool) -> str:
    given = os.environ.get(PASSPHRASE)
    if given:
        return given
    if not sys.stdin.isatty():
        raise click.ClickException(
            f"without a terminal the passphrase is taken from {PASSPHRASE}; set it, or make a key with --new-key."
        )
    asked: str = click.prompt(
        "Passphrase of the backup", hide_input=True, confirmation_prompt=again, err=True
    )
    return asked
