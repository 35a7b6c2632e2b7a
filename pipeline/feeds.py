"""RSS and Atom feeds -> Articles. Runs only when the user asks; only http and https, never to private addresses."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import time
import urllib.error
import urllib.request
import urllib.robotparser
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from pipeline.articles import article_key, make_article
from pipeline.errors import ReadOnlyStore, UnreadableArticle
from pipeline.feed_list import load_feed_state, save_feed_state
from pipeline.formats import Raw, read_html
from pipeline.guarded_http import PrivateAddress, guarded_opener, is_private
from pipeline.models import Article

AGENT = "conflict-event-timeline/1.0 (an analyst's feed reader)"
TIMEOUT_SECONDS = 20.0
MAX_BYTES = 5_000_000
MAX_REDIRECTS = 5
PAUSE_SECONDS = 1.0  # between two requests to one host: what robots.txt files of newspapers ask for


class UnreachableFeed(UnreadableArticle):
    """A feed or page that cannot be had; the others can."""


@dataclass(frozen=True)
class Fetched:
    """A response: its bytes (None where it has not changed since), and what a later conditional request needs."""

    body: bytes | None
    url: str
    etag: str = ""
    modified: str = ""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Redirects are followed by `fetch`, which checks each address again."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that are no address, a port that is no number
        return False


def check_address(url: str, *, allow_private: bool = False) -> None:
    """Raise UnreachableFeed unless the url is http(s) and every address of its host is public."""
    if not _is_web_address(url):
        raise UnreachableFeed(url[:200], "only http and https addresses are read", "give the feed's web address")
    parts = urlsplit(url)
    if allow_private:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as problem:
        raise UnreachableFeed(url, f"its host cannot be found ({problem})", "check the address") from None
    if any(is_private(str(entry[4][0])) for entry in found):
        raise _private(url)


def _private(url: str) -> UnreachableFeed:
    return UnreachableFeed(url, "a private or loopback address", "only public feeds are read")


def fetch(url: str, *, etag: str = "", modified: str = "", allow_private: bool = False) -> Fetched:
    """One polite GET, bounded in time, size and redirects; body None where the server says "not modified"."""
    for _ in range(MAX_REDIRECTS + 1):
        check_address(url, allow_private=allow_private)
        request = urllib.request.Request(url, headers={"User-Agent": AGENT, "Accept-Encoding": "gzip"})
        if etag:
            request.add_header("If-None-Match", etag)
        if modified:
            request.add_header("If-Modified-Since", modified)
        deadline = time.monotonic() + 2 * TIMEOUT_SECONDS
        try:
            with (
                guarded_opener(_NoRedirect, seconds=2 * TIMEOUT_SECONDS, allow_private=allow_private) as opener,
                opener.open(request, timeout=TIMEOUT_SECONDS) as response,
            ):
                body = _bounded(response, url, deadline)
                return Fetched(body, url, response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""))
        except PrivateAddress:
            raise _private(url) from None
        except urllib.error.HTTPError as answer:
            if answer.code == 304:
                return Fetched(None, url, etag, modified)
            if answer.code in (301, 302, 303, 307, 308) and answer.headers.get("Location"):
                url = urljoin(url, answer.headers["Location"])
                continue
            raise UnreachableFeed(url, f"the server answers {answer.code}", "open it in a browser, try later") from None
        except (OSError, http.client.HTTPException, ValueError) as problem:
            raise UnreachableFeed(url, f"cannot be reached ({problem})", "try again later") from None
    raise UnreachableFeed(url, f"more than {MAX_REDIRECTS} redirects", "give the final address")


def _bounded(response: http.client.HTTPResponse, url: str, deadline: float) -> bytes:
    chunks, size = [], 0
    chunk = b" "
    while chunk:
        chunk = response.read1(65536)  # what has come: who waits for 64 kB waits for ever on a server that drips
        size += len(chunk)
        if size > MAX_BYTES or time.monotonic() > deadline:
            raise UnreachableFeed(url, "too large or too slow", f"feeds are read up to {MAX_BYTES // 1_000_000} MB")
        chunks.append(chunk)
    body = b"".join(chunks)
    if response.headers.get("Content-Encoding") == "gzip":
        try:
            unpacked = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS).decompress(body, MAX_BYTES + 1)
        except (zlib.error, gzip.BadGzipFile) as problem:
            raise UnreachableFeed(url, f"damaged compression ({problem})", "try again later") from None
        if len(unpacked) > MAX_BYTES:
            raise UnreachableFeed(url, "unpacks to too much", f"feeds are read up to {MAX_BYTES // 1_000_000} MB")
        return unpacked
    return body


def parse_feed(body: bytes, url: str) -> list[Raw]:
    """The entries of a feed, with the longest text that each has; UnreachableFeed where it is no feed."""
    import feedparser

    # feedparser resolves no external XML entities and strips scripts from the HTML of entries
    feed = feedparser.parse(body)
    if not feed.entries and (feed.bozo or not feed.get("version")):
        raise UnreachableFeed(url, "not an RSS or Atom feed", "give the address of the feed, not of the page")
    source = str(feed.feed.get("title", "")) or str(urlsplit(url).hostname)
    raws: list[Raw] = []
    for entry in feed.entries:
        texts = [str(c.get("value", "")) for c in entry.get("content", [])] + [str(entry.get("summary", ""))]
        moment = entry.get("published_parsed") or entry.get("updated_parsed")
        published = f"{moment.tm_year:04}-{moment.tm_mon:02}-{moment.tm_mday:02}" if moment else ""
        link = str(entry.get("link", ""))
        link = link if _is_web_address(link) else ""
        text = _plain(max(texts, key=len))
        name = link or f"{url} entry {len(raws) + 1}"
        reason = "the feed's date" if published else ""
        raws.append(Raw(name, text, _plain(str(entry.get("title", ""))), source, link, published, reason))
    return raws


def read_feed(
    url: str, state: dict[str, dict[str, str]], *, today: date, whole_pages: bool = True, allow_private: bool = False,
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[Article | UnreadableArticle]:  # fmt: skip
    """The articles of one feed that are new since `state[url]` (etag, modified), which is brought up to date.

    With `whole_pages` each entry's page is read too where robots.txt allows it, and used where it has more text.
    """
    known = state.get(url, {})
    try:
        fetched = fetch(
            url, etag=known.get("etag", ""), modified=known.get("modified", ""), allow_private=allow_private
        )
        if fetched.body is None:
            return
        entries = parse_feed(fetched.body, url)
    except UnreachableFeed as problem:
        yield problem
        return
    robots = _Robots(allow_private)
    for entry in entries:
        if whole_pages and entry.url and robots.allow(entry.url):
            wait(PAUSE_SECONDS)
            try:
                entry = _with_page(entry, allow_private)
            except UnreadableArticle as problem:
                if not entry.text.strip():
                    yield problem
                    continue
        yield make_article(entry, today)
    state[url] = {"etag": fetched.etag, "modified": fetched.modified}


def _with_page(entry: Raw, allow_private: bool) -> Raw:
    page = fetch(entry.url, allow_private=allow_private)
    found = next(r for r in read_html(page.body or b"", entry.url) if isinstance(r, Raw))
    if len(found.text) <= len(entry.text):
        return entry
    return Raw(entry.name, found.text, entry.title or found.title, entry.source, entry.url,
               entry.published or found.published, entry.published_reason or found.published_reason)  # fmt: skip


class _Robots:
    """What each site's robots.txt allows; a site without one allows everything."""

    def __init__(self, allow_private: bool) -> None:
        self.allow_private = allow_private
        self.rules: dict[str, urllib.robotparser.RobotFileParser] = {}

    def allow(self, url: str) -> bool:
        site = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        if site not in self.rules:
            rules = urllib.robotparser.RobotFileParser()
            try:
                body = fetch(site + "/robots.txt", allow_private=self.allow_private).body or b""
                rules.parse(body.decode("utf-8", "replace").splitlines())
            except UnreachableFeed:
                rules.parse([])
            self.rules[site] = rules
        return self.rules[site].can_fetch(AGENT, url)


def _plain(markup: str) -> str:
    import lxml.etree
    import lxml.html

    if "<" not in markup:
        return markup.strip()
    said: list[str] = []
    for event, node in lxml.etree.iterwalk(lxml.html.fromstring(f"<div>{markup}</div>"), events=("start", "end")):
        if event == "start":
            said.append(node.text or "")
        else:
            said += ["\n" if node.tag in ("p", "br", "div", "li") else "", node.tail or ""]
    return "".join(said).strip()


def take_in_feeds(
    urls: Sequence[str], inbox: Path, state_path: Path, *, now: datetime, allow_private: bool = False,
    wait: Callable[[float], None] = time.sleep, progress: Callable[[int, int], None] | None = None,
    read_only: bool = False,
) -> tuple[int, list[UnreadableArticle]]:  # fmt: skip
    """Put what is new in the feeds into the inbox, one file an article; (how many, what could not be had)."""
    if read_only:
        raise ReadOnlyStore("this store is open for reading only; no feed was asked")
    state, taken, refused = load_feed_state(state_path), 0, []
    inbox.mkdir(parents=True, exist_ok=True)
    state_path.parent.mkdir(parents=True, exist_ok=True)
    for position, url in enumerate(urls, 1):
        for found in read_feed(url, state, today=now.date(), allow_private=allow_private, wait=wait):
            if isinstance(found, UnreadableArticle):
                refused.append(found)
                continue
            record = {"id": found.article_id, "title": found.title, "text": found.text, "source": found.source,
                      "url": found.url, "published": str(found.published or "")}  # fmt: skip
            path = inbox / f"feed-{article_key('', found.article_id)}.jsonl"
            aside = path.with_suffix(".tmp")
            aside.write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
            aside.replace(path)
            taken += 1
        state[url] = state.get(url, {}) | {"asked": now.isoformat()}
        # kept after each feed: a stop in between asks again only for what was not finished
        save_feed_state(state_path, state)
        if progress:
            progress(position, len(urls))
    return taken, refused
