"""Routes of respond."""

from __future__ import annotations
