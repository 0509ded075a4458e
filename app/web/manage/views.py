"""Routes of manage."""

from __future__ import annotations
