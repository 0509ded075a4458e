"""The worker is killed twice while it invites: every address gets its letter; only what was on its way goes twice, unaltered."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.inviting import run
from tests.server.test_serving import needs_proc

pytestmark = [pytest.mark.xdist_group("server"), pytest.mark.slow]


@needs_proc
def test_invitations_survive_two_kills_of_the_worker(tmp_path: Path) -> None:
    found = run(tmp_path, people=300, kills=2)
    assert found.reached == found.people == 300 and found.unexpected == 0
    assert found.repeated <= found.kills and found.altered == 0
