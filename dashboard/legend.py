"""What the colours and forms mean: one line of HTML that wraps on narrow screens and follows the theme."""

from __future__ import annotations

import html
from collections.abc import Iterable

STYLE = """<style>
.legend { display: flex; flex-wrap: wrap; gap: .15rem .9rem; font-size: .8rem; line-height: 1.5; }
.legend span { display: inline-flex; align-items: center; gap: .35rem; }
.legend i { width: .8rem; height: .8rem; border-radius: 2px; background: var(--c); flex: none; }
.legend .dot { border-radius: 50%; } .legend .ring { border-radius: 50%; background: none; border: 3px solid var(--c); }
.legend .line { height: 4px; } .legend .whisker { width: 2px; height: .9rem; background: currentColor; }
.legend .diamond { transform: rotate(45deg) scale(.8); border-radius: 0; }
.legend .area { border-radius: 50%; opacity: .45; border: 1px solid var(--c); }
.legend .star { background: none; border: 2px dashed var(--c); border-radius: 50%; }
.legend .hatched { background: repeating-linear-gradient(-45deg, currentColor 0 2px, transparent 2px 5px);
  opacity: .7; }
.legend .crossed { background: repeating-linear-gradient(45deg, var(--c) 0 1px, transparent 1px 4px),
  repeating-linear-gradient(-45deg, var(--c) 0 1px, transparent 1px 4px); border: 1px solid var(--c); }
.legend .gap { background: repeating-linear-gradient(45deg, #8084957a 0 1px, transparent 1px 5px);
  border: 1px solid #8084957a; }
</style>"""


def legend_html(entries: Iterable[tuple[str, str, str]]) -> str:
    """(name, colour, form) as chips; the forms are the classes above."""
    chips = "".join(
        f'<span><i class="{form}" style="--c:{html.escape(colour or "currentColor")}"></i>{html.escape(name)}</span>'
        for name, colour, form in entries
    )
    return f'{STYLE}<div class="legend">{chips}</div>'
