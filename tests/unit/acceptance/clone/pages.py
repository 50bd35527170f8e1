"""Pages of texts in lines and columns."""

from qsm_bot.acceptance.clone.screen import Box, Piece, Screen


def screen(*rows: str, headings: tuple[str, ...] = ()) -> Screen:
    """Return a page: each row a line, its texts separated by `|` and 100 px apart."""
    pieces: list[Piece] = []
    for line, row in enumerate(rows):
        for column, text in enumerate(row.split("|")):
            if text:
                box = Box(column * 100, line * 30, 80, 20)
                pieces.append(Piece(text, box, len(pieces), heading=text in headings))
    return Screen(tuple(pieces))
