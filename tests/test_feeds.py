"""Feeds, against a server on loopback."""

import contextlib
import gzip
import threading
import time
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pipeline import Settings, feeds
from pipeline.articles import read_articles
from pipeline.errors import ReadOnlyStore, UnreadableArticle
from pipeline.feed_list import Feed, add_feed, due_feeds, feeds_file, load_feed_list, remove_feed
from pipeline.feeds import UnreachableFeed, check_address, fetch, parse_feed, read_feed, take_in_feeds

TODAY, NOW = date(2026, 11, 1), datetime(2026, 11, 1, 12, tzinfo=UTC)
TEXT = "Shells fell on Minas Tirith on Tuesday, killing four people, the city's healers said."
FEED = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>Gondor Post</title>
<item><title>Shells on the city</title><link>BASE/one.html</link><pubDate>Wed, 12 Sep 2018 08:00:00 GMT</pubDate>
<description>&lt;p&gt;{TEXT}&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;</description></item>
<item><title>Talks</title><link>javascript:alert(1)</link><description>The stewards met in Edoras.</description></item>
</channel></rss>"""
PAGE = "<html><body><article>" + f"<p>{TEXT} A longer page tells more of it than the feed does.</p>" * 4 + "</article></body></html>"


@pytest.fixture
def server():
    class Handler(BaseHTTPRequestHandler):
        asked: list[str] = []
        robots = b""

        def do_GET(self):
            Handler.asked.append(self.path)
            base = f"http://127.0.0.1:{self.server.server_port}"
            if self.path == "/feed":
                if self.headers.get("If-None-Match") == '"v1"':
                    return self.answer(304, b"")
                return self.answer(200, FEED.replace("BASE", base).encode(), ETag='"v1"')
            if self.path == "/one.html":
                return self.answer(200, PAGE.encode())
            if self.path == "/robots.txt":
                return self.answer(200, Handler.robots)
            if self.path == "/loop":
                return self.answer(302, b"", Location="/loop")
            if self.path == "/away":
                return self.answer(302, b"", Location="file:///etc/passwd")
            if self.path in ("/drip", "/dripping-head"):
                self.wfile.write(b"HTTP/1.0 200 OK\r\nX: " if self.path == "/dripping-head" else b"HTTP/1.0 200 OK\r\n\r\n")
                with contextlib.suppress(OSError):
                    for _ in range(100):
                        self.wfile.write(b"a")
                        time.sleep(0.05)
                return None
            if self.path == "/astray":
                return self.answer(302, b"", Location="http://[a")
            if self.path == "/bomb":
                return self.answer(200, gzip.compress(b"a" * 50_000_000), **{"Content-Encoding": "gzip"})
            return self.answer(404, b"")

        def answer(self, code, body, **headers):
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    httpd = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    httpd.handler = Handler
    yield httpd
    httpd.shutdown()


def address(server, path):
    return f"http://127.0.0.1:{server.server_port}{path}"


def read(server, state, **options):
    return list(read_feed(address(server, "/feed"), state, today=TODAY, allow_private=True, wait=lambda _: None, **options))


def test_a_feed_gives_its_entries_with_the_fuller_text_of_their_pages(server):
    first, second = read(server, {})
    assert first.published == date(2018, 9, 12) and first.source == "Gondor Post"
    assert "A longer page" in first.text
    assert second.url == "" and second.text == "The stewards met in Edoras."


def test_what_has_not_changed_is_not_read_again(server):
    state = {}
    assert len(read(server, state)) == 2
    assert read(server, state) == []


def test_robots_are_respected(server):
    server.handler.robots = b"User-agent: *\nDisallow: /one.html"
    server.handler.asked.clear()
    first, _ = read(server, {})
    assert "/one.html" not in server.handler.asked and first.text == TEXT


@pytest.mark.parametrize("url", ["http://127.0.0.1/f", "http://[::1]/f", "http://10.0.0.1/", "http://169.254.169.254/", "http://localhost/f", "http://0.0.0.0/"])
def test_private_addresses_are_refused(url):
    with pytest.raises(UnreachableFeed, match="private|cannot be found"):
        check_address(url)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.example/f", "javascript:alert(1)", "gopher://a", "http://", "http://[a", "http://a.example:99999/", "http://]a/"])
def test_only_web_addresses_are_read(url):
    with pytest.raises(UnreachableFeed, match="only http"):
        check_address(url)


@pytest.mark.parametrize(("path", "says"), [("/loop", "redirects"), ("/away", "only http"), ("/astray", "cannot be reached"), ("/bomb", "unpacks"), ("/none", "404")])
def test_every_failure_is_named(server, path, says):
    with pytest.raises(UnreachableFeed, match=says):
        fetch(address(server, path), allow_private=True)


def test_control_characters_in_an_entry_are_read_over():
    feed = FEED.replace(TEXT, TEXT + "&lt;br&gt;\x04 Two &lt;b&gt;more&lt;/b&gt; died.&lt;!-- no --&gt;")
    text = parse_feed(feed.encode(), "http://a.example/f")[0].text
    assert text.startswith(TEXT) and "\n" in text and text.endswith("Two more died.")


@pytest.mark.parametrize("path", ["/drip", "/dripping-head"])
def test_a_server_that_drips_is_left(server, path, monkeypatch):
    monkeypatch.setattr(feeds, "TIMEOUT_SECONDS", 0.3)
    start = time.monotonic()
    with pytest.raises(UnreachableFeed, match="too slow"):
        fetch(address(server, path), allow_private=True)
    assert time.monotonic() - start < 3


def test_a_name_that_is_answered_otherwise_a_second_time_reaches_nobody(server, monkeypatch):
    monkeypatch.setattr(feeds, "check_address", lambda url, **_: None)  # the first answer was a public address
    server.handler.asked.clear()
    with pytest.raises(UnreachableFeed, match="private"):
        fetch(address(server, "/feed"))
    assert server.handler.asked == []


def test_an_entry_whose_link_is_no_address_keeps_its_text():
    [entry] = parse_feed(FEED.split("<item><title>Talks")[0].replace("BASE", "http://]a").encode() + b"</channel></rss>", "http://a.example/f")
    assert entry.url == "" and entry.text.startswith(TEXT)


def test_a_page_that_is_no_feed_is_refused(server):
    with pytest.raises(UnreadableArticle, match="not an RSS"):
        parse_feed(PAGE.encode(), "http://a.example")


def test_a_list_of_feeds_keeps_its_schedule_and_its_comments(tmp_path):
    settings = Settings(data_dir=tmp_path)
    path = feeds_file(settings)
    path.write_text("# ours\nhttps://a.example/rss#top # daily\nhttps://b.example/rss every 2 days # slow\nnot a feed line\n")
    assert load_feed_list(path) == [Feed("https://a.example/rss#top", 60), Feed("https://b.example/rss", 2880)]
    add_feed(settings, "https://c.example/rss", 30)
    add_feed(settings, "https://b.example/rss", 1)
    remove_feed(settings, "https://a.example/rss#top")
    assert load_feed_list(path) == [Feed("https://c.example/rss", 30), Feed("https://b.example/rss", 5)]
    assert path.read_text().startswith("# ours\n")
    with pytest.raises(ReadOnlyStore):
        add_feed(Settings(data_dir=tmp_path, read_only=True), "https://d.example/rss")


def test_each_feed_is_asked_in_its_turn():
    feeds = [Feed("a", 60), Feed("b", 60), Feed("c", 60)]
    state = {"a": {"asked": "2026-11-01T11:30:00+00:00"}, "b": {"asked": "2026-11-01T10:00:00+00:00"}}
    assert due_feeds(feeds, state, NOW) == ["b", "c"]


def test_feeds_go_into_the_inbox_once_and_a_failing_one_does_not_stop_the_others(server, tmp_path):
    inbox, state = tmp_path / "inbox", tmp_path / "store" / "feeds.json"
    urls = [address(server, "/none"), address(server, "/feed")]
    taken, refused = take_in_feeds(urls, inbox, state, now=NOW, allow_private=True, wait=lambda _: None)
    assert taken == 2 and [r.problem for r in refused] == ["the server answers 404"]
    found = [a for path in sorted(inbox.iterdir()) for a in read_articles(path, today=TODAY, max_bytes=1_000_000)]
    assert {a.source for a in found} == {"Gondor Post"}
    assert take_in_feeds(urls[1:], inbox, state, now=NOW, allow_private=True, wait=lambda _: None) == (0, [])
