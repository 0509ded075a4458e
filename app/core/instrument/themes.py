"""The known themes: the text of themes.toml enters, theme id -> name in each language leaves."""

from __future__ import annotations

import re

from app.core.instrument.reading import ID, ID_WORDS, open_text
from app.core.instrument.table import InstrumentFaults

LANGUAGES = ("nl", "en")


def load_themes(text: str) -> dict[str, dict[str, str]]:
    """Theme id -> {"nl": name, "en": name}, in file order. Raises InstrumentFaults with every fault."""
    data, findings = open_text(text)
    for id, names in data.items():
        if not re.fullmatch(ID, id):
            findings.fault((id,), f"theme “{id}” must be {ID_WORDS}")
        if not isinstance(names, dict):
            findings.fault((id,), f'write a theme as a table: [{id}] with nl = "..." and en = "..."')
            continue
        for language in LANGUAGES:
            if not isinstance(names.get(language), str) or not names[language].strip():
                findings.fault((id, language), f"theme “{id}” needs a name in “{language}”")
        for language in names:
            if language not in LANGUAGES:
                findings.fault(
                    (id, language), f"“{language}” has no meaning here; a theme has a name in nl and in en"
                )
    if findings.found:
        raise InstrumentFaults(list(findings.found))
    return {id: {language: names[language] for language in LANGUAGES} for id, names in data.items()}
