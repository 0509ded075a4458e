"""QR codes: an address enters, one small SVG path leaves."""

from __future__ import annotations

import segno

# Modules of white around a QR code; what it is printed or shown on adds the rest of the four the standard asks for.
QUIET = 2
# Every mask can be read; weighing all eight, as the standard proposes, takes five times as long.
MASK = 3


def qr(address: str) -> str:
    """A QR code (error correction M) as one small SVG path, one unit a module, in black on nothing."""
    made = segno.make(address, error="m", micro=False, mask=MASK)
    width, height = made.symbol_size(border=QUIET)
    parts: list[str] = []
    for y, row in enumerate(made.matrix):
        x = 0
        while x < len(row):
            run = x
            while run < len(row) and row[run]:
                run += 1
            if run > x:
                parts.append(f"M{x + QUIET} {y + QUIET}h{run - x}v1h{x - run}z")
            x = max(run, x + 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<path d="{"".join(parts)}"/></svg>'
    )
