"""A build on a Dask cluster of which a worker is killed midway, beside the same build by one process.

    python tests/benchmarks/cluster_run.py [N]        # default 20,000 generated articles, in parts, some 2,000 characters

Starts `dask scheduler` and two `dask worker` on the loopback, builds a snapshot on them, kills one worker with SIGKILL
after a quarter of what one process took, and compares every file. Printed: seconds by the clock, processor seconds and
the most memory of the process that builds, and of the worker that lived.
"""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "benchmarks")]

from refresh_scale import generate  # noqa: E402

from pipeline.gazetteer import load_gazetteer  # noqa: E402
from pipeline.settings import Settings  # noqa: E402

PART = 2_000  # articles


def write_parts(folder: Path, size: int) -> None:
    """The articles as an archive in parts."""
    folder.mkdir()
    articles = generate(size, 1)
    for n in range(-(-size // PART)):
        with gzip.open(folder / f"part{n:04}.jsonl.gz", "wt", encoding="utf-8") as out:
            out.writelines(json.dumps(article) + "\n" for article in islice(articles, PART))


def timed(name: str, process: subprocess.Popen[bytes]) -> float:
    """Wait for a process, print what it took, and give back the seconds."""
    begun = time.monotonic()
    _, status, used = os.wait4(process.pid, 0)
    passed = time.monotonic() - begun
    assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGTERM), f"{name} failed"
    print(f"{name:28} {passed:7.1f} s {used.ru_utime + used.ru_stime:8.1f} s of processor "
          f"{used.ru_maxrss / 1024:6.0f} MB", flush=True)  # fmt: skip
    return passed


def build(home: Path, out: str, *more: str) -> subprocess.Popen[bytes]:
    """The command that a team gives."""
    command = [sys.executable, "-m", "pipeline", "build", f"{home}/archive/*", "--out", f"{home}/{out}", "--snapshot"]
    return subprocess.Popen([*command, *more], cwd=ROOT)


def tables(out: Path) -> dict[str, str]:
    """Every file of the snapshot with its digest, as its manifest has them."""
    token = (out / "CURRENT").read_text(encoding="utf-8").strip()
    return dict(json.loads((out / "snapshots" / token / "manifest.json").read_text(encoding="utf-8"))["files"])


def main() -> None:
    size = int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 20_000
    load_gazetteer(Settings.from_env())  # built before anybody is timed
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write_parts(home / "archive", size)
        print(f"{size:,} articles; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        alone = timed("one process", build(home, "one"))
        quiet = {"cwd": home, "env": os.environ | {"PYTHONPATH": str(ROOT)}, "stdout": subprocess.DEVNULL,
                 "stderr": subprocess.DEVNULL}  # fmt: skip
        dask = str(Path(sys.executable).with_name("dask"))
        scheduler = subprocess.Popen([dask, "scheduler", "--host", address, "--no-dashboard"], **quiet)
        lone = [dask, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        workers = [subprocess.Popen(lone, **quiet) for _ in range(2)]
        try:
            time.sleep(10)  # until both have registered
            killing = threading.Timer(alone / 4, workers[0].kill)
            killing.start()
            timed("two workers, one killed", build(home, "two", "--engine", "dask", "--scheduler", address))
            assert workers[0].poll() == -signal.SIGKILL, "it was over before a worker was killed"
            workers[1].terminate()
            timed("the worker that lived", workers[1])
        finally:
            killing.cancel()
            for process in (*workers, scheduler):
                process.kill()
        one, two = tables(home / "one"), tables(home / "two")
        print(f"{len(one)} files, {'the same byte for byte' if one == two else 'NOT THE SAME'}")
        sys.exit(one != two)


if __name__ == "__main__":
    main()
