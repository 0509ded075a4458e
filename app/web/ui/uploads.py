"""Uploaded files: what a browser sends enters memory, within the size that is allowed; never a file on disk.

Without this, what is longer than half a megabyte goes through a temporary file on the disk, and an adviser's register must
not lie there unlocked for a moment.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO

from flask import Request


class InMemory(Request):
    """A request whose files stay in memory."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()
