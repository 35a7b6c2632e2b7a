"""Lines for a terminal: broken at its width, marks in colour."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

MARK = re.compile(r"\[([DPNV]): [^\]]*\]")
COLOURS = {"D": "36", "P": "32", "N": "31", "V": "35"}  # cyan, green, red, magenta: readable on dark and on light


def fit(lines: Iterable[str], width: int) -> Iterator[str]:
    """Each line broken at the width between words, what follows indented a little more."""
    for line in lines:
        indent = line[: len(line) - len(line.lstrip(" "))]
        yield textwrap.fill(
            line.lstrip(" "), max(width, len(indent) + 20), initial_indent=indent, subsequent_indent=indent + "  ",
            break_on_hyphens=False,
        )  # fmt: skip


def paint(text: str) -> str:
    """The marks ("[D: Tuesday]") in the colour of their kind, also where a line breaks inside one."""
    return MARK.sub(lambda found: f"\x1b[{COLOURS[found[1]]}m{found[0]}\x1b[0m", text)
