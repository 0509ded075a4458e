"""The slides of a team talk: what a kit says enters as JSON, a PPTX of ten slides in 16:9 leaves.

Every slide has a title, every picture and table its words, and the notes say how to lead that part. What is for who leads
the talk stands in the notes alone.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Emu, Inches, Pt

from app.render import talk_picture

WIDE, TALL = 13.333, 7.5
LEFT, ACROSS = 0.8, 11.733
TITLE_TOP, TITLE_TALL, BODY_TOP, BODY_TALL = 0.55, 1.25, 1.95, 4.9
TITLE, BODY, LARGE, CELL = 38, 28, 40, 20
INK, QUIET, ACCENT, WASH, PAPER = "16222B", "4F5D68", "0B5A66", "E3F0F1", "FFFFFF"
# Of python-pptx's own template.
COVER, BULLETS, BARE = "Title Slide", "Title and Content", "Title Only"
LOCALE = {"nl": "nl-NL", "en": "en-GB"}
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def pptx(told: dict[str, Any]) -> bytes:
    """`told` as app.render.talk makes it."""
    deck = _Deck(told)
    deck.cover()
    deck.bullets(told["agreements_title"], told["agreements"], notes=[told["dont_title"], *told["dont"]])
    deck.agenda()
    deck.picture()
    deck.figures()
    for place, question in enumerate(told["questions"], 1):
        deck.question(place, question)
    deck.bullets(
        told["choose_title"], told["choose"], notes=[*_how(told, 3), *_how(told, 4), told["decisions_note"]]
    )
    deck.bullets(
        told["help_title"],
        told["help"] or [told["adviser_title"]],
        notes=[told["adviser_title"], *told["adviser"]],
    )
    return deck.saved()


def _how(told: dict[str, Any], place: int) -> list[str]:
    """A part of the agenda, for the notes."""
    if place >= len(told["agenda"]):
        return []
    part = told["agenda"][place]
    return [f"{part['title']} ({part['minutes']} {told['minutes']}). {part['how']}"]


class _Deck:
    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.made = Presentation()
        self.made.slide_width, self.made.slide_height = Inches(WIDE), Inches(TALL)
        self._styled()

    def _styled(self) -> None:
        """The template is 4:3 and grey: the places and letters of its master and the three layouts in use are set anew."""
        layouts = {layout.name: layout for layout in self.made.slide_layouts}
        for name, layout in layouts.items():
            if name not in (COVER, BULLETS, BARE):
                self.made.slide_layouts.remove(layout)
        self.layouts = {name: layouts[name] for name in (COVER, BULLETS, BARE)}
        for holder in (self.made.slide_master, *self.layouts.values()):
            for place in _places(holder):
                if place.placeholder_format.type in _FOOT:
                    place._element.getparent().remove(place._element)
                elif place.placeholder_format.idx == 0:
                    _put(place, LEFT, TITLE_TOP, ACROSS, TITLE_TALL)
                else:
                    _put(place, LEFT, BODY_TOP, ACROSS, BODY_TALL)
        cover = self.layouts[COVER].placeholders
        _put(cover[0], LEFT, 1.6, ACROSS, 2.2)
        _put(cover[1], LEFT, 4.0, ACROSS, 2.0)
        for holder in _places(self.layouts[COVER]):
            for style in holder._element.iter(f"{{{_A}}}lvl1pPr"):
                style.set("algn", "l")
                for colour in list(style.iter(f"{{{_A}}}solidFill")):
                    colour.getparent().remove(colour)
        styles = self.made.slide_master._element.find("{*}txStyles")
        _letters(styles.find("{*}titleStyle"), TITLE, ACCENT, bold=True)
        _letters(styles.find("{*}bodyStyle"), BODY, INK)

    def slide(self, layout: str, title: str, notes: Sequence[str]) -> Any:
        made = self.made.slides.add_slide(self.layouts[layout])
        made.shapes.title.text = title
        made.shapes.title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        made.notes_slide.notes_text_frame.text = "\n".join(notes)
        return made

    def cover(self) -> None:
        told = self.told
        made = self.slide(COVER, told["title"], [told["before_title"], *told["before"]])
        lines = [
            told["unit"],
            f"{told['organisation']} · {told['scan']}",
            f"{told['answers']}. {told['released']}.",
        ]
        _fill(made.placeholders[1], lines, [32, 24, 24])

    def bullets(self, title: str, lines: Sequence[str], *, notes: Sequence[str]) -> None:
        made = self.slide(BULLETS, title, notes)
        size = BODY if len(lines) <= 5 else 24
        _fill(made.placeholders[1], lines, [size] * len(lines), after=14)

    def agenda(self) -> None:
        told = self.told
        notes = [line for place in range(len(told["agenda"])) for line in _how(told, place)]
        self.bullets(
            told["agenda_title"],
            [f"{part['minutes']} {told['minutes']}: {part['title']}" for part in told["agenda"]],
            notes=notes,
        )

    def picture(self) -> None:
        told = self.told
        made = self.slide(
            BARE,
            told["theme"][:1].upper() + told["theme"][1:],
            [*_how(self.told, 1), *told["matters"], told["sure"]],
        )
        raw = io.BytesIO(talk_picture.png(told, inches=ACROSS))
        drawn = made.shapes.add_picture(raw, Inches(LEFT), Inches(BODY_TOP))
        scale = min(Inches(ACROSS) / drawn.width, Inches(BODY_TALL) / drawn.height)
        drawn.width, drawn.height = Emu(int(drawn.width * scale)), Emu(int(drawn.height * scale))
        drawn.left = Emu(int((Inches(WIDE) - drawn.width) / 2))
        _describe(drawn, told["picture"]["alt"], "picture")

    def figures(self) -> None:
        told = self.told
        found = told["figures"]
        made = self.slide(
            BARE, told["matters_title"], [told["sure"], told["protected_title"], *told["protected"]]
        )
        rows = [found["heads"], *found["rows"]]
        frame = made.shapes.add_table(
            len(rows), len(rows[0]), Inches(LEFT), Inches(BODY_TOP), Inches(ACROSS), Inches(0.8 * len(rows))
        )
        _describe(frame, found["caption"], "table")
        frame.table.horz_banding = False
        first = 2.9
        for place, column in enumerate(frame.table.columns):
            column.width = Inches(first if place == 0 else (ACROSS - first) / (len(rows[0]) - 1))
        for row, texts in enumerate(rows):
            for place, text in enumerate(texts):
                _cell(frame.table.cell(row, place), text, head=row == 0)

    def question(self, place: int, question: str) -> None:
        told = self.told
        title = told["question"].format(n=place)
        made = self.slide(BULLETS, title, [*_how(told, 2), told["personal_title"], *told["personal"]])
        _fill(made.placeholders[1], [question], [LARGE], plain=True)
        made.placeholders[1].text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE

    def saved(self) -> bytes:
        told = self.told
        about = self.made.core_properties
        when = datetime.fromisoformat(told["released_on"])
        about.title, about.author = f"{told['title']}, {told['unit']}", told["organisation"]
        about.last_modified_by = told["organisation"]
        about.language = LOCALE[told["language"]]
        about.created = about.modified = when
        for slide in self.made.slides:
            for part in (slide, slide.notes_slide):
                _speak(part._element, LOCALE[told["language"]])
        raw = io.BytesIO()
        self.made.save(raw)
        return raw.getvalue()


def _foot() -> frozenset[Any]:
    from pptx.enum.shapes import PP_PLACEHOLDER

    return frozenset({PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER})


_FOOT = _foot()


def _put(place: Any, left: float, top: float, width: float, height: float) -> None:
    place.left, place.top, place.width, place.height = (Inches(one) for one in (left, top, width, height))


def _letters(style: Any, size: int, colour: str, *, bold: bool = False) -> None:
    """Size, colour and weight of every level of a style of the master, to the left."""
    for level in style:
        if not level.tag.endswith("pPr"):
            continue
        level.set("algn", "l")
        letters = level.find("{*}defRPr")
        letters.set("sz", str(size * 100))
        letters.set("b", "1" if bold else "0")
        for fill in letters.findall("{*}solidFill"):
            letters.remove(fill)
        fill, chosen = OxmlElement("a:solidFill"), OxmlElement("a:srgbClr")
        chosen.set("val", colour)
        fill.append(chosen)
        letters.insert(0, fill)


def _fill(
    place: Any, lines: Sequence[str], sizes: Sequence[int], *, after: int = 6, plain: bool = False
) -> None:
    frame = place.text_frame
    frame.word_wrap = True
    for number, (line, size) in enumerate(zip(lines, sizes, strict=True)):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text, run.font.size = line, Pt(size)
        paragraph.space_after = Pt(after)
        if plain:
            form = paragraph._p.get_or_add_pPr()
            form.set("marL", "0")
            form.set("indent", "0")
            form.append(OxmlElement("a:buNone"))


def _places(holder: Any) -> list[Any]:
    """A list of its own: places are taken out while it is gone through."""
    return list(holder.placeholders)


def _colour(code: str) -> Any:
    made: Any = RGBColor
    return made.from_string(code)


def _cell(cell: Any, text: str, *, head: bool) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = _colour(ACCENT if head else PAPER)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    run = cell.text_frame.paragraphs[0].add_run()
    run.text, run.font.size, run.font.bold = text, Pt(CELL), head
    run.font.color.rgb = _colour(PAPER if head else INK)


def _describe(shape: Any, words: str, name: str) -> None:
    """What it says for who can't see it."""
    shape.name = name
    shape._element.xpath(".//p:cNvPr")[0].set("descr", words)


def _speak(element: Any, locale: str) -> None:
    """So that a screen reader reads it in its own language."""
    for run in element.iter(f"{{{_A}}}r"):
        run.get_or_add_rPr().set("lang", locale)
