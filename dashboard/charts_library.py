"""The charts' library as the page gets it: that of the installed plotly package, without the kinds we never draw.

A browser runs whatever is registered before it draws anything: 47 kinds take it twice as long as our two.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import plotly

DRAWN = ("bar", "scattermap")  # scatter belongs to the core
# all that the library defines is used when it is read: told so, the browser compiles it in the background, where the
# page otherwise stood still for 0.7 s (Chromium 156, two slow cores); to others it is a comment
COMPILE_AHEAD = "//# allFunctionsCalledOnLoad\n"
REGISTERED = re.compile(r"\.register\(\[((?:[\w$]+\(\),?){20,})\]\)")


@cache
def library() -> bytes:
    """The script, made once a server."""
    source = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    return (COMPILE_AHEAD + drawn_only(source.read_text(encoding="utf-8"))).encode()


def drawn_only(script: str) -> str:
    """The script with what we draw registered alone; as it is where another version of it is written otherwise."""
    registered = REGISTERED.search(script)
    wanted = [_module_of(kind, script) for kind in DRAWN]
    if not registered or not {*wanted} <= {*re.findall(r"[\w$]+", registered[1])}:
        return script
    start, end = registered.span(1)
    return script[:start] + ",".join(f"{name}()" for name in wanted) + script[end:]


def _module_of(kind: str, script: str) -> str:
    """The name by which a kind of chart is registered: that of the module after the one that describes it."""
    described = re.compile(
        rf'moduleType:"trace",name:"{kind}",[^;]{{1,2000}}\}}\}}\);var ([\w$]+)=[\w$]+\(\([\w$]+,([\w$]+)\)=>'
        r'\{"use strict";\2\.exports=[\w$]+\(\)\}\);'
    )
    found = described.search(script)
    return found[1] if found else ""
