"""The plain way to show the same table, for dashboard_scale.py: pandas masks, and every point to the browser."""

import os
from pathlib import Path

import pandas as pd
import plotly.express as px
import streamlit as st

store = Path(os.environ["CONFLICT_STORE_DIR"])


@st.cache_data
def load() -> pd.DataFrame:
    return pd.read_parquet(store / "snapshots" / (store / "CURRENT").read_text().strip() / "events.parquet")


st.set_page_config(layout="wide")
events = load()
least = st.number_input("Killed at least", 0, None, value=None, step=1)
countries = st.multiselect("Country", sorted(events["country"].unique()))
shown = events
if least is not None:
    shown = shown[shown["fatalities_best"].fillna(0) >= least]
if countries:
    shown = shown[shown["country"].isin(countries)]
st.html(f'<div class="figures"><b>{len(shown):,}</b></div>')
left, right = st.columns(2)
left.plotly_chart(px.histogram(shown, x="date_start", color="event_type"))
right.plotly_chart(px.scatter_map(shown, lat="latitude", lon="longitude", color="event_type", map_style="white-bg"))
st.dataframe(shown)
