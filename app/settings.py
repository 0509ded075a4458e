"""Settings of an installation, read once from the instance folder and the environment; seen only by web, jobs and cli."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
FILE = "settings.toml"
SECRET = "secret.key"
SUBSCRIBERS_KEY = "subscribers.key"
ONLY = "WEERKLANK_ONLY"
URLS = ("sqlite:///", "postgresql://", "postgresql+psycopg://")
PARTS = ("issuing", "receiving")
"""What a process of its own can do with personal links: give stamps, or serve the page and take answers."""


class BadSettings(ValueError):
    """A setting that can't be used, in one line that names it and says what to do."""


@dataclass(frozen=True)
class Smtp:
    """A mail server. `per_minute`: how many letters it is given in a minute at most; 0 for as many as it takes."""

    host: str
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = True
    sender: str = ""
    per_minute: int = 0


@dataclass(frozen=True)
class Settings:
    """One installation. `address` is where people reach it (scheme and host, no slash at the end), or ""."""

    instance: Path
    address: str = ""
    secret: bytes = field(default=b"", repr=False)
    subscribers_key: bytes = field(default=b"", repr=False)
    office_url: str = ""
    issuing_url: str = ""
    ballots_url: str = ""
    ballots_on_postgresql: bool = False
    smtp: Smtp | None = None
    local_slips: bool = False
    only: str = ""
    """One of PARTS for a process that does nothing else, "" for one that does everything."""

    @property
    def databases(self) -> tuple[str, ...]:
        """The databases that this process may open."""
        with_office = {"issuing": ("office", "issuing"), "receiving": ("office", "ballots")}
        return with_office.get(self.only, ("office", "issuing", "ballots"))

    @property
    def queue(self) -> Path:
        return self.instance / "queue.db"

    @property
    def files(self) -> Path:
        return self.instance / "files"

    @property
    def scan_keys(self) -> Path:
        """Where the one secret of each scan with personal links lies until it is sealed."""
        return self.instance / "scan-keys"

    @property
    def outbox(self) -> Path:
        return self.instance / "outbox"

    def database(self, name: str) -> str:
        """The URL of "office", "issuing" or "ballots"."""
        url: str = getattr(self, f"{name}_url")
        return url or f"sqlite:///{self.instance / name}.db"

    @property
    def can_mail(self) -> bool:
        """Whether people outside can be sent mail with a link in it; on one machine, to look around, as files."""
        return bool(self.address) and (self.smtp is not None or self.is_local)

    @property
    def mail_domain(self) -> str:
        """What Message-IDs end in: the sender's domain, else that of the address; never the name of this machine."""
        sender = parseaddr(self.smtp.sender or self.smtp.user)[1] if self.smtp else ""
        return sender.rpartition("@")[2] or urlsplit(self.address).hostname or "localhost"

    @property
    def is_local(self) -> bool:
        """Whether the address is one that only this machine can reach."""
        host = self.address.partition("://")[2].partition("/")[0].rsplit(":", 1)[0]
        return host in {"", "localhost", "127.0.0.1", "[::1]"}


def instance_path(environment: Mapping[str, str] = os.environ) -> Path:
    return Path(environment.get("WEERKLANK_INSTANCE") or ROOT / "instance").resolve()


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read instance/settings.toml, then the environment over it; make the secrets on first use. Raises BadSettings."""
    instance = instance_path(environment)
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    values = _file(instance / FILE)
    databases = values.get("databases", {})
    if not isinstance(databases, dict):
        raise BadSettings(
            f"write [databases] as a table of its own in {FILE}, with office, issuing and ballots below it"
        )
    only = environment.get(ONLY, "")
    if only not in {"", *PARTS}:
        raise BadSettings(f"{ONLY} is one of {', '.join(PARTS)}; not “{only}”")
    settings = Settings(
        instance=instance,
        address=str(environment.get("WEERKLANK_ADDRESS", values.get("address", ""))).rstrip("/"),
        # Who only gives stamps or takes answers signs nothing and mails nobody, so needs no secret.
        secret=b"" if only else _secret(instance / SECRET),
        subscribers_key=b"" if only else _secret(instance / SUBSCRIBERS_KEY),
        office_url=_url("office", environment, databases),
        issuing_url=_url("issuing", environment, databases),
        ballots_url=_url("ballots", environment, databases),
        ballots_on_postgresql=_truth(
            environment.get("WEERKLANK_BALLOTS_ON_POSTGRESQL", databases.get("ballots_on_postgresql", False))
        ),
        smtp=_smtp(values.get("smtp")),
        local_slips=_truth(environment.get("WEERKLANK_LOCAL_SLIPS", values.get("local_slips", False))),
        only=only,
    )
    if settings.address and not settings.address.startswith(("https://", "http://")):
        raise BadSettings(f"address “{settings.address}” must start with https://")
    if settings.ballots_url.startswith("postgresql") and not settings.ballots_on_postgresql:
        raise BadSettings(
            "ballots on PostgreSQL keep a weaker promise (its log and row order can't be erased); "
            "set ballots_on_postgresql = true to accept that, or leave the ballots on SQLite"
        )
    return settings


def _file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path}: {error}") from error


def _url(name: str, environment: Mapping[str, str], databases: Mapping[str, Any]) -> str:
    """The URL of a database, "" for a file in the instance folder."""
    url = environment.get(f"WEERKLANK_{name.upper()}_URL", databases.get(name, ""))
    if not isinstance(url, str) or not (url == "" or url.startswith(URLS)):
        raise BadSettings(
            f"the database {name} is at {' or '.join(f'“{one}…”' for one in URLS)}, not “{url}”"
        )
    return url


def _smtp(values: Mapping[str, Any] | None) -> Smtp | None:
    if not values:
        return None
    if not isinstance(values, dict):
        raise BadSettings(f"write [smtp] as a table of its own in {FILE}, with host and the rest below it")
    unknown = set(values) - set(Smtp.__dataclass_fields__)
    if unknown or "host" not in values:
        raise BadSettings(
            f"[smtp] needs host and knows {', '.join(Smtp.__dataclass_fields__)}; not {', '.join(sorted(unknown))}"
        )
    for name, default in Smtp(host="").__dict__.items():
        if name in values and type(values[name]) is not type(default):
            wanted = {str: "a text in quotes", int: "a whole number", bool: "true or false"}[type(default)]
            raise BadSettings(f"[smtp] {name} must be {wanted}, not {values[name]!r}")
    return Smtp(**values)


def _truth(value: object) -> bool:
    return value is True or str(value).lower() in {"1", "true", "yes", "on"}


def _secret(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
    return path.read_bytes()
