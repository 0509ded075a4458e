"""Arithmetic on large integers: Python's own, or gmpy2's where it is installed (the extra “fast”), with the same results.

Why gmpy2, and why it can be left out: docs/decisions/ (“fast integers”).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Integers:
    """`power(base, exponent, modulus)`; `secret_power` the same for a secret exponent and an odd modulus."""

    name: str
    power: Callable[[int, int, int], int]
    secret_power: Callable[[int, int, int], int]
    inverse: Callable[[int, int], int]
    """Raises ValueError where there is none."""


def _plain_inverse(number: int, modulus: int) -> int:
    return pow(number, -1, modulus)


PLAIN = Integers("plain", pow, pow, _plain_inverse)


def fast() -> Integers | None:
    """gmpy2's, or None where it is not installed."""
    try:
        import gmpy2
    except ImportError:
        return None

    def inverse(number: int, modulus: int) -> int:
        try:
            return int(gmpy2.invert(number, modulus))
        except ZeroDivisionError as error:
            raise ValueError("this number has no inverse") from error

    return Integers(
        "gmpy2",
        lambda base, exponent, modulus: int(gmpy2.powmod(base, exponent, modulus)),
        # Takes as long for every exponent of the same length.
        lambda base, exponent, modulus: int(gmpy2.powmod_sec(base, exponent, modulus)),
        inverse,
    )


BEST = fast() or PLAIN
