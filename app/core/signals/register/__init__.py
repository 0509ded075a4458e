"""An adviser's own register: rows of a spreadsheet enter, signal cards and row errors leave; and cards leave as rows again."""

from __future__ import annotations

from app.core.signals.register import words
from app.core.signals.register.book import Book, Sheet, TooLarge, read_csv
from app.core.signals.register.columns import FIELDS, suggest, takes_nothing
from app.core.signals.register.dates import month_comes_first, read_quarter
from app.core.signals.register.failing import failed_rows
from app.core.signals.register.header import Table, guess, table
from app.core.signals.register.held import Held, begin, decode_held, emptied, encode_held, imported, look
from app.core.signals.register.inside import broad_for
from app.core.signals.register.lexicon import Lexicon, lexicon
from app.core.signals.register.reading import TIMES, Fault, Outcome, Reading, Unknown, key, read
from app.core.signals.register.writing import as_csv, as_rows

__all__ = [
    "FIELDS",
    "TIMES",
    "Book",
    "Fault",
    "Held",
    "Lexicon",
    "Outcome",
    "Reading",
    "Sheet",
    "Table",
    "TooLarge",
    "Unknown",
    "as_csv",
    "as_rows",
    "begin",
    "broad_for",
    "decode_held",
    "emptied",
    "encode_held",
    "failed_rows",
    "guess",
    "imported",
    "key",
    "lexicon",
    "look",
    "month_comes_first",
    "read",
    "read_csv",
    "read_quarter",
    "suggest",
    "table",
    "takes_nothing",
    "words",
]
