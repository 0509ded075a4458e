"""Tables of text as HTML: a table of render enters, markup that can be put on a page leaves."""

from __future__ import annotations

from markupsafe import Markup, escape

from app.render.tables import Table


def as_html(table: Table) -> Markup:
    """A table of text as HTML, ready to put on a page; numbers of one column line up."""
    head = Markup("").join(
        Markup('<th scope="col">{}</th>').format(text) if text else Markup("<td></td>")
        for text in table.heads
    )
    rows = "\n".join(
        "<tr>"
        + f'<th scope="row">{escape(row[0])}</th>'
        + "".join(f'<td class="number">{escape(cell)}</td>' for cell in row[1:])
        + "</tr>"
        for row in table.rows
    )
    return Markup(
        "<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>\n{}\n</tbody></table>"
    ).format(table.caption, head, Markup(rows))
