"""The server of the dashboard. Start: python -m streamlit run dashboard/app.py"""

from __future__ import annotations

import sys
from pathlib import Path

# streamlit puts this folder first on the path, not the project
ROOT = str(Path(__file__).resolve().parent.parent)
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

import streamlit as st  # noqa: E402

from dashboard.serving import SERVED  # noqa: E402

app = st.App(Path(__file__).with_name("pages.py"), **SERVED)
