"""How the table is made and what it cannot do. Our own words only: nothing from articles stands here."""

from __future__ import annotations

import streamlit as st

METHOD = """
### How a number comes about
Each article is read sentence by sentence, by rules. Dates, places, counts of persons and words of violence are
**found** with their position,
**resolved** to values with a reason, **assembled** into reports (what one article says about one event) and
**merged** into events
(what happened, on all evidence). Open any event to read the sentence behind each value.

### The day an article counts from
Its record's day (a column, a feed, a mail's head); lacking one, the day that it prints outright at its head or in its
address; then the day in the file's name. An article that prints a day **later** than its record was not published
before it: the printed day is taken. One that prints an **earlier** day keeps the record's, with a doubt that the page
Refresh tells. Relative days ("on Tuesday") follow from this day: a wrong one moves events by weeks.

### How to read it
- **Not stated** is not zero. "No one was hurt" is 0; silence is empty.
- **At least 30** is 30 / 30 / open: the upper bound is never filled in. *Dozens* counts as 12 or more, *scores* 20,
  *hundreds* 100.
- **Cumulative claims** ("since the beginning of the month …") are shown as spans and never added to incidents.
- **Parts of a total** are shown; a sum counts the total alone, or the parts alone where a filter cuts the total away.
- **Disputed**: reports that cannot all be true. Low is the lowest, high the highest, best what most publishers say,
  the latest on a tie.
- A day is claimed only where the text gives one. The day of publication never stands in for it.
- A country's middle is not a place: such events have no mark on the map and are counted beside it.

### What a person adds
The page **Review** asks about what is doubtful; **Article** shows every word from which a value was read. A correction
keeps the machine's value beside it, with name and reason, and can be taken back. Nobody but you has verified anything.

### Limits
A number is what an article says, with its publisher's bias and knowledge on that day.
English text only. Rules miss wordings they do not know, and may take one happening for two or two for one;
**Correct this event** keeps an
analyst's decision through every later refresh. Event types follow ACLED's published list; this is not ACLED or UCDP
data.

### Sources
Places: GeoNames (CC BY 4.0). Borders: United Nations, through plotly.js (MIT); names and borders imply no judgement
on the status of any territory.
"""


def show_method() -> None:
    """The page."""
    st.markdown(METHOD)
