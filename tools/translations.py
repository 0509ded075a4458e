"""Catalogues of interface texts: sources enter; updated, checked or compiled catalogues leave, one per web package.

python -m tools.translations --update | --check | --compile
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "N_": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
}
LANGUAGE = "nl"


def packages() -> tuple[str, ...]:
    """The one list of packages with a catalogue, read without loading the web application."""
    tree = ast.parse((ROOT / "app/web/__init__.py").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            getattr(name, "id", "") == "TRANSLATIONS" for name in node.targets
        ):
            return tuple(ast.literal_eval(node.value))
    raise LookupError("app/web/__init__.py names no TRANSLATIONS")


def catalogue_path(package: str) -> Path:
    return ROOT / "app" / package / "translations" / LANGUAGE / "LC_MESSAGES" / "messages.po"


def used(package: str) -> Catalog:
    """Every text the sources of a package ask for."""
    catalogue = Catalog(locale=LANGUAGE, domain="messages")
    folder = ROOT / "app" / package
    for name, line, text, comments, context in extract_from_dir(folder, METHODS, keywords=KEYWORDS):
        catalogue.add(text, None, [(f"app/{package}/{name}", line)], auto_comments=comments, context=context)
    return catalogue


def kept(package: str) -> Catalog:
    path = catalogue_path(package)
    if not path.exists():
        return Catalog(locale=LANGUAGE, domain="messages")
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def untranslated(package: str) -> Iterator[str]:
    """Texts without a sound translation, and translations nothing asks for."""
    catalogue, asked = kept(package), used(package)
    for message in asked:
        found = catalogue.get(message.id, message.context) if message.id else None
        if message.id and found is None:
            yield f"{_place(message)}: not in the catalogue: {message.id!r}"
        elif found is not None and message.id and not _complete(found):
            yield f"{_place(message)}: without a translation: {message.id!r}"
    for message in catalogue:
        if message.id and asked.get(message.id, message.context) is None:
            yield f"{catalogue_path(package).relative_to(ROOT)}: nothing asks for {message.id!r}; run make translations"


def divided() -> Iterator[str]:
    """Texts with two translations: the program merges the catalogues, so the last would stand on the pages of all."""
    first: dict[tuple[object, object], tuple[str, object]] = {}
    for package in packages():
        for message in kept(package):
            if message.id:
                key = (str(message.id), message.context)
                where, text = first.setdefault(key, (package, message.string))
                if text != message.string:
                    yield (
                        f"{catalogue_path(package).relative_to(ROOT)}: {message.id!r} is {message.string!r} here "
                        f"and {text!r} in {where}; say the same, or another English text"
                    )


def _place(message: Message) -> str:
    return ":".join(str(part) for part in message.locations[0]) if message.locations else "?"


def _complete(message: Message) -> bool:
    texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(texts) and all(texts) and not message.fuzzy


def update(package: str) -> None:
    """Put new texts in, take unused ones out; never guess a translation."""
    asked, catalogue = used(package), kept(package)
    catalogue.update(asked, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    if not len(catalogue):
        return
    path = catalogue_path(package)
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, sort_by_file=True, omit_header=False, include_lineno=False)
    text = "".join(
        line for line in buffer.getvalue().decode().splitlines(keepends=True) if "-Date: " not in line
    )
    path.write_text(text, "utf-8")


def compile_all() -> None:
    """Make each .mo that is older than its .po."""
    for package in packages():
        source = catalogue_path(package)
        target = source.with_suffix(".mo")
        if source.exists() and (not target.exists() or target.stat().st_mtime < source.stat().st_mtime):
            with target.open("wb") as file:
                write_mo(file, kept(package))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--compile", action="store_true")
    chosen = parser.parse_args()
    if chosen.update:
        for package in packages():
            update(package)
    faults = [fault for package in packages() for fault in untranslated(package)] if chosen.check else []
    faults += divided() if chosen.check else []
    for fault in faults:
        print(fault, file=sys.stderr)
    if chosen.compile or chosen.update:
        compile_all()
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
