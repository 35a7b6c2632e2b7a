"""Many visitors at once on one server: errors, how long an answer takes, and whether the memory comes back.

    python tests/benchmarks/load.py --store FOLDER [--visitors 20] [--minutes 5] [--pause 5]
    python tests/benchmarks/load.py --events 1000000
    python tests/benchmarks/load.py --store FOLDER --hour 720      # one visitor, so many answers without a pause

The visitors speak the page's own protocol over its websocket, as a browser does, and draw nothing: on a small machine
twenty browsers would be measured instead of the server. Each changes a filter or the timeline, waits for the whole
answer, reads for a while (`--pause` seconds, from half to one and a half of it) and goes on.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
from browser import ROOT, start  # noqa: E402
from dashboard_scale import memory  # noqa: E402
from many_events import write_store  # noqa: E402

PATIENCE = 120.0  # seconds for one answer
FORGOTTEN = 150.0  # seconds after which the server has forgotten visitors who left: Streamlit keeps them for two minutes
TYPES = ("Battles", "Explosions/Remote violence", "Violence against civilians", "Protests")
WORDS = ("market", "bridge", "killed", "")


class Visitor:
    """One session: what widgets the page has shown it, and what it has chosen."""

    def __init__(self, socket: websockets.ClientConnection, dice: random.Random) -> None:
        self.socket, self.dice = socket, dice
        self.ids: dict[str, str] = {}
        self.chosen: dict[str, tuple[str, object]] = {}
        self.figures = ""  # the row of key figures as the last answer has it
        self.errors: list[str] = []

    async def ask(self, query: str = "") -> float:
        """Seconds until the script has run through with what is chosen now."""
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string = query
        for key, (kind, value) in self.chosen.items():
            widget = state.widget_states.widgets.add(id=self.ids[key])
            if kind == "string_array_value":
                widget.string_array_value.data.extend(value)
            else:
                setattr(widget, kind, value)
        self.figures, before = "", time.perf_counter()
        await self.socket.send(asked.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while True:
                said = ForwardMsg.FromString(await self.socket.recv())
                self._look(said)
                if said.WhichOneof("type") == "script_finished":
                    if not self.figures:
                        self.errors.append("an answer without the key figures")
                    return time.perf_counter() - before

    def _look(self, said: ForwardMsg) -> None:
        event = said.session_event.WhichOneof("type") if said.WhichOneof("type") == "session_event" else ""
        if event == "script_compilation_exception":
            self.errors.append("the script does not compile")
        if said.WhichOneof("type") != "delta" or said.delta.WhichOneof("type") != "new_element":
            return
        element = said.delta.new_element
        kind = element.WhichOneof("type")
        shown = getattr(element, kind)
        if kind == "exception":
            self.errors.append(f"{shown.type}: {shown.message[:200]}")
        if kind == "html" and "Events shown" in shown.body:
            self.figures = shown.body
        if "id" in shown.DESCRIPTOR.fields_by_name and shown.id.startswith("$$ID-"):
            self.ids[shown.id.rsplit("-", 1)[-1]] = shown.id

    def choose(self) -> None:
        """One change, as somebody who looks around makes it."""
        what = self.dice.choice(("f_type", "f_killed", "f_disputed", "f_exact_day", "f_words", "f_type"))
        if what == "f_type":
            self.chosen[what] = ("string_array_value", self.dice.sample(TYPES, self.dice.randint(0, 2)))
        elif what == "f_killed":
            self.chosen[what] = ("double_value", float(self.dice.choice((0, 1, 2, 5, 10, 25))))
        elif what == "f_words":
            self.chosen[what] = ("string_value", self.dice.choice(WORDS))
        else:
            self.chosen[what] = ("bool_value", self.dice.random() < 0.4)


async def visit(address: str, number: int, go_on: Callable[[], bool], pause: float, times: list[float]) -> list[str]:
    """Open the page and change it until it is time to leave; what went wrong."""
    dice = random.Random(number)
    try:
        async with websockets.connect(address.replace("http", "ws") + "/_stcore/stream", max_size=None,
                                      subprotocols=["streamlit"], compression=None, origin=address) as socket:  # fmt: skip
            visitor = Visitor(socket, dice)
            times.append(await visitor.ask())
            missing = {"f_type", "f_killed", "f_disputed", "f_exact_day", "f_words"} - set(visitor.ids)
            if missing:
                return [f"the page has not shown {', '.join(sorted(missing))}", *visitor.errors]
            while go_on():
                await asyncio.sleep(pause * dice.uniform(0.5, 1.5))
                visitor.choose()
                times.append(await visitor.ask())
            return visitor.errors
    except (OSError, TimeoutError, websockets.WebSocketException) as problem:
        return [f"{type(problem).__name__}: {problem}"]


async def crowd(address: str, visitors: int, minutes: float, pause: float, pid: int) -> None:
    """All at once; then everybody leaves."""
    times: list[float] = []
    firsts: list[float] = []
    print(f"before: {memory(pid, 'VmRSS'):.0f} MB")
    errors = await visit(address, 0, lambda: False, 0, firsts)
    print(f"one visitor: answered in {firsts[0]:.1f} s; {memory(pid, 'VmRSS'):.0f} MB")
    end = time.monotonic() + minutes * 60
    told: Awaitable[list[list[str]]] = asyncio.gather(
        *(visit(address, n, lambda: time.monotonic() < end, pause, times) for n in range(1, visitors + 1))
    )
    highest = 0.0

    async def watch() -> None:
        nonlocal highest
        while True:
            highest = max(highest, memory(pid, "VmRSS"))
            await asyncio.sleep(1)

    watching = asyncio.create_task(watch())
    errors += [problem for problems in await told for problem in problems]
    watching.cancel()
    times.sort()
    print(f"{visitors} visitors, {minutes:g} minutes, a change each {pause:g} s: {len(times):,} answers, {len(errors)} errors")
    for problem in dict.fromkeys(errors):
        print(f"  {problem}")
    print(f"an answer: median {statistics.median(times):.2f} s, 95th {times[int(len(times) * 0.95)]:.2f} s, "
          f"slowest {times[-1]:.2f} s")  # fmt: skip
    print(f"memory: highest {highest:.0f} MB, when they left {memory(pid, 'VmRSS'):.0f} MB", end="", flush=True)
    await asyncio.sleep(FORGOTTEN)
    await visit(address, 0, lambda: False, 0, firsts)  # the server clears away when somebody comes
    await asyncio.sleep(5)
    print(f", {FORGOTTEN:.0f} s later {memory(pid, 'VmRSS'):.0f} MB; a new visitor waits {firsts[-1]:.2f} s")


async def hour(address: str, answers: int, pid: int) -> None:
    """One visitor who stays."""
    times: list[float] = []
    marks = {answers * part // 6 for part in range(1, 7)}

    def counted() -> bool:
        if len(times) in marks:
            print(f"{len(times):5} answers: {memory(pid, 'VmRSS'):.0f} MB, the last in {times[-1]:.2f} s", flush=True)
        return len(times) < answers

    for problem in await visit(address, 1, counted, 0, times):
        print(f"  {problem}")


def main() -> None:
    """One server, its visitors, its memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", help="a folder with a published table")
    parser.add_argument("--events", type=int, help="so many generated events instead")
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--pause", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=1, help="so many crowds, one after the other has left")
    parser.add_argument("--hour", type=int, help="one visitor who asks so often, without a pause")
    given = parser.parse_args()
    os.environ["CONFLICT_READ_ONLY"] = "1"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if given.events:
            write_store(folder / "store", given.events)
        else:
            (folder / "store").symlink_to(Path(given.store).resolve())
        server, address = start(ROOT / "dashboard" / "app.py", folder)
        try:
            if given.hour:
                asyncio.run(hour(address, given.hour, server.pid))
            else:
                for _ in range(given.rounds):
                    asyncio.run(crowd(address, given.visitors, given.minutes, given.pause, server.pid))
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
