"""Somebody signed in to an organisation, for tests of the pages about scans."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.access import Role
from app.services import signing_in
from app.storage.office import accounts
from app.storage.office.accounts import Account, SignIn
from app.web.ui.asking import now
from tests.services.planned import Office


@dataclass(frozen=True)
class Somebody:
    """A browser of one signed-in colleague; paths are below the organisation's pages."""

    client: FlaskClient

    def get(self, path: str = "") -> TestResponse:
        return self.client.get(f"/manage/linde/{path}")

    def post(self, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        return self.client.post(f"/manage/linde/{path}", data=data or {})

    def reads(self, path: str = "") -> str:
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        return answer.text


def sign_in(office: Office, *roles: Role, language: str = "en") -> Somebody:
    """A fresh account with these roles, signed in; forms are taken without their proof of origin."""
    office.app.config["WTF_CSRF_ENABLED"] = False
    token, moment = secrets.token_urlsafe(16), now()
    with office.store.office() as session:
        row = Account(email=f"{token}@example.org".lower(), name="Ina", language=language)
        session.add(row)
        session.flush()
        accounts.set_roles(session, row.id, office.organisation, frozenset(roles))
        mark = signing_in.mark(token)
        ends = moment + timedelta(hours=1)
        # Signed in whole: an adviser's second step has tests of its own.
        session.add(SignIn(token=mark, account_id=row.id, seen_at=moment, ends_at=ends, second=True))
    client = office.app.test_client()
    with client.session_transaction() as cookie:
        cookie["token"] = token
    return Somebody(client)
