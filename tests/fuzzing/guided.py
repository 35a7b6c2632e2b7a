"""Guided fuzzing: inputs that reach a new line of the code are kept and changed further. Needs atheris, see CONTRIBUTING.

    python tests/fuzzing/guided.py readers FOLDER -runs=200000     # files of every form
    python tests/fuzzing/guided.py texts FOLDER -max_total_time=600   # the reading of texts

FOLDER keeps what was found worth changing. An input that fails is kept in FOLDER-failed, one for each spot of the code,
and the run goes on. Other options are libFuzzer's: -help=1 prints them.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from datetime import date
from pathlib import Path

import atheris

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS.parent), str(Path(__file__).parent)]

with atheris.instrument_imports(include=["pipeline"]):
    import pipeline.columns
    import pipeline.extract
    import pipeline.feeds
    import pipeline.gazetteer
    import pipeline.preview  # noqa: F401

from forms import BODY, FORMS, beginnings, file_of  # noqa: E402
from hostile_texts import STRANGE, WORDS  # noqa: E402

from pipeline.articles import read_bytes  # noqa: E402
from pipeline.documents import prepare_document  # noqa: E402
from pipeline.errors import UnreadableArticle  # noqa: E402
from pipeline.extract import extract  # noqa: E402
from pipeline.models import Article, Extraction, Field  # noqa: E402
from pipeline.settings import Settings  # noqa: E402

TODAY = date(2026, 11, 1)
# 50 ms a kilobyte are promised; the counting of lines takes about as long again, and a small file has its container
MOST_MILLISECONDS_A_KILOBYTE, SMALL = 150, 2_000
GAZETTEER = pipeline.gazetteer.load_gazetteer(Settings())


def read_file(data: bytes) -> None:
    """The articles in a file of some form, cut into sentences; or refusals."""
    if not data:
        return
    name, raw = file_of(data)
    if name == "feed":
        try:
            pipeline.feeds.parse_feed(raw, "http://desk.example/feed")
        except UnreadableArticle:
            return
        return
    try:
        head = pipeline.columns.look_at_table(name, raw)
        if head and head.columns:
            pipeline.columns.rename_columns(name, raw, dict.fromkeys(head.chosen, head.columns[0]))
    except UnreadableArticle:
        pass
    for found in read_bytes(name, raw, today=TODAY, max_bytes=1_000_000):
        if isinstance(found, UnreadableArticle):
            assert found.name and found.problem
            continue
        assert found.text.strip() and found.article_id
        assert found.published is None or found.published.year >= 1900
        document = prepare_document(found)
        fields = {Field.TITLE: found.title, Field.TEXT: found.text}
        for sentence in document.sentences:
            assert fields[sentence.field][sentence.start_char : sentence.end_char] == sentence.text


def read_text(data: bytes) -> None:
    """What is read in a text that the bytes choose: words of news where they are letters of the list, else themselves."""
    words = [WORDS[byte - 128] if 128 <= byte < 128 + len(WORDS) else chr(byte) for byte in data]
    text = "".join(f" {w}" if len(w) > 1 else w for w in words)
    if not text.strip():
        return
    assert_exact(extract(Article("a", text[:80], text, "", "", date(2018, 9, 12)), GAZETTEER))


def assert_exact(found: Extraction) -> None:
    """Every mention and every report lies where it says."""
    article, mentions = found.document.article, found.mentions
    fields = {Field.TITLE: article.title, Field.TEXT: article.text}
    for mention in (*mentions.dates, *mentions.places, *mentions.counts, *mentions.violence):
        assert fields[mention.field][mention.start_char : mention.end_char] == mention.text
    for report in found.reports:
        assert fields[report.field][report.sentence_start : report.sentence_end] == report.evidence


def noted(read, failed: Path):
    """The same; what fails or takes too long is kept, and said once for each spot."""
    spots: set[str] = set()

    def run(data: bytes) -> None:
        start, spot = time.process_time(), ""
        try:
            read(data)
        except Exception as problem:
            last = traceback.extract_tb(problem.__traceback__)[-1]
            spot = f"{type(problem).__name__}-{Path(last.filename).stem}-{last.lineno}"
        spent = (time.process_time() - start) * 1e3
        if not spot and spent > MOST_MILLISECONDS_A_KILOBYTE * max(SMALL, len(data)) / 1e3:
            start = time.process_time()
            read(data)  # what is imported or compiled at its first use is not the input's fault
            spent = (time.process_time() - start) * 1e3
        if not spot and spent > MOST_MILLISECONDS_A_KILOBYTE * max(SMALL, len(data)) / 1e3:
            spot = f"slow-form-{data[0]}-{spent / len(data) // 0.05:.0f}"
        if spot and spot not in spots:
            spots.add(spot)
            failed.mkdir(exist_ok=True)
            (failed / spot).write_bytes(data)
            print(f"FAILED {spot}: {spent:.0f} ms for {len(data)} bytes", file=sys.stderr, flush=True)

    return run


def main() -> None:
    """Begin with a sound file of each form, or with strange texts."""
    logging.disable()
    target, folder = sys.argv[1], Path(sys.argv[2])
    read = {"readers": read_file, "texts": read_text}[target]
    begin = beginnings() if target == "readers" else [t[:400].encode("latin-1", "replace") for t in [BODY, *STRANGE.values()]]
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(begin):
        (folder / f"begin{number:02}").write_bytes(data)
        read(data)
    read(bytes([FORMS.index(".html")]) + b"<article>%s</article>" % (f"<p>{BODY}</p>".encode() * 20))  # imports load once
    atheris.Setup([sys.argv[0], *sys.argv[2:]], noted(read, Path(f"{folder}-failed")))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
