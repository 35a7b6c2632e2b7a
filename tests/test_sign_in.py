"""With a provider set up nobody sees a number before signing in; without one nobody is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from sample_tables import publish_sample
from streamlit.testing.v1 import AppTest

from dashboard import sign_in

APP = str(Path(__file__).parent.parent / "dashboard" / "pages.py")
PROVIDER = {"redirect_uri": "http://localhost:8501/oauth2callback", "cookie_secret": "x" * 40, "client_id": "a",
            "client_secret": "b", "server_metadata_url": "http://127.0.0.1:9/.well-known/openid-configuration"}  # fmt: skip


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AppTest:
    publish_sample(tmp_path)
    monkeypatch.setenv("CONFLICT_STORE_DIR", str(tmp_path))
    return AppTest.from_file(APP, default_timeout=20)


def test_without_a_provider_nobody_is_asked(page: AppTest) -> None:
    page.run()
    assert page.dataframe and not [b for b in page.button if b.label == "Sign in"]


def test_with_a_provider_nothing_is_shown_before_signing_in(page: AppTest) -> None:
    page.secrets["auth"] = PROVIDER
    page.run()
    assert not page.exception
    assert [b.label for b in page.button] == ["Sign in"]
    assert not page.dataframe and not page.get("html") and not page.multiselect


def test_who_signed_in_is_who_decides(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "user", {"is_logged_in": True, "email": "ana@example.org"})
    page.secrets["auth"] = PROVIDER
    page.query_params["event"] = "karm-2"
    page.run()
    assert not page.exception
    assert "Signed in as ana@example.org" in [c.value for c in page.caption]
    assert not [t for t in page.text_input if t.label == "Your name"]
    assert "Kept as a decision of ana@example.org." in [c.value for c in page.caption]


def test_a_visitor_without_a_provider_has_no_name() -> None:
    assert not sign_in.sign_in_is_set_up() and sign_in.visitor() == ""
