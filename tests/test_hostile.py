"""No text makes the reading fail, and every offset is exact: tried on strange texts and on random ones."""

import os
import time
from datetime import date

import pytest
from hostile_texts import ENDLESS, STRANGE, TEXTS, endless
from hypothesis import HealthCheck, example, given, settings

from pipeline.documents import LONGEST_SENTENCE, split_sentences
from pipeline.events import merge_reports
from pipeline.extract import extract
from pipeline.gazetteer import Gazetteer, load_gazetteer
from pipeline.models import Article, Extraction, Field
from pipeline.settings import Settings
from pipeline.table import build_event_table, check_event_table

MOST_MILLISECONDS_A_KILOBYTE = 50
RANDOM_TEXTS = int(os.environ.get("CONFLICT_RANDOM_TEXTS", "400"))  # more for a long night


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(Settings())


def read(text: str, title: str, gazetteer: Gazetteer) -> Extraction:
    return extract(Article("a", title, text, "desk", "", date(2018, 9, 12)), gazetteer)


def assert_sound(found: Extraction) -> None:
    article = found.document.article
    fields = {Field.TITLE: article.title, Field.TEXT: article.text}
    mentions = found.mentions
    for mention in (*mentions.dates, *mentions.places, *mentions.counts, *mentions.violence):
        assert fields[mention.field][mention.start_char : mention.end_char] == mention.text
    for report in found.reports:
        assert fields[report.field][report.sentence_start : report.sentence_end] == report.evidence
    assert len({r.report_id for r in found.reports}) == len(found.reports)
    check_event_table(build_event_table(merge_reports(found.reports)))


@pytest.mark.parametrize("name", STRANGE)
def test_strange_texts_are_read_without_a_fault(name, gazetteer):
    text = STRANGE[name][:20_000]
    assert_sound(read(text, text[:200], gazetteer))


@pytest.mark.parametrize("name", STRANGE)
def test_no_strange_text_holds_the_reader_up(name, gazetteer):
    text = STRANGE[name][:8_000]
    read("Two men were killed.", "", gazetteer)
    start = time.process_time()
    read(text, "", gazetteer)
    assert (time.process_time() - start) * 1e3 / (len(text.encode("utf-8", "replace")) / 1e3) < MOST_MILLISECONDS_A_KILOBYTE


def milliseconds_a_kilobyte(text: str, gazetteer: Gazetteer) -> float:
    start = time.process_time()
    read(text, "", gazetteer)
    return (time.process_time() - start) * 1e3 / (len(text.encode()) / 1e3)


@pytest.mark.parametrize("sentence", ENDLESS.values(), ids=ENDLESS)
def test_a_text_without_end_takes_no_longer_a_kilobyte_than_an_article(sentence, gazetteer):
    short, long = (milliseconds_a_kilobyte(endless(sentence, size), gazetteer) for size in (4_000, 64_000))
    # what goes through all told before would take 16 times as long
    assert long < 3 * short and long < MOST_MILLISECONDS_A_KILOBYTE * 1.5


def test_an_event_told_in_more_sentences_than_are_heard_keeps_its_toll(gazetteer):
    found = read("Shells killed four people in Aleppo on Tuesday. " * 200, "", gazetteer)
    assert [r.killed.best for r in found.reports] == [4]


def test_a_text_without_a_full_stop_is_cut_at_its_spaces():
    text = "killed " * 2_000
    cut = list(split_sentences(text))
    assert all(end - start <= LONGEST_SENTENCE for _, start, end in cut)
    assert " ".join(text[start:end] for _, start, end in cut) == text.strip()
    assert [end - start for _, start, end in split_sentences("a" * 5_000)] == [2_000, 2_000, 1_000]


@settings(max_examples=RANDOM_TEXTS, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=TEXTS, title=TEXTS)
@example(text="Killed on Tuesday", title="")
@example(text="overnight who, dead Tuesday, \n 12( killed, ", title="")
def test_random_texts_are_read_without_a_fault(text, title, gazetteer):
    start = time.process_time()
    found = read(text, title[:200], gazetteer)
    spent = (time.process_time() - start) * 1e3
    # a text of some words has what every text costs, and a busy machine is slower
    assert spent < 3 * MOST_MILLISECONDS_A_KILOBYTE * max(1, len(text.encode("utf-8", "replace")) / 1e3)
    assert_sound(found)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=TEXTS)
def test_reading_twice_gives_the_same(text, gazetteer):
    assert read(text, "", gazetteer) == read(text, "", gazetteer)
