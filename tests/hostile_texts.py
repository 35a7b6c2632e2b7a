"""Strange and hostile texts, for the fuzz tests and for the script that times them."""

import random

from hypothesis import strategies as st

WORDS = [
    "killed", "wounded", "at least", "more than", "two", "dozens", "12", "1,200", "civilians", "soldiers", "a", "man", "and",
    "his", "three", "children", "including", "another", "of", "them", "on", "Tuesday", "September", "10", "since", "last", "week",
    "the", "beginning", "said", "in", "near", "Aleppo", "province", "of", "north", "15", "km", "east", "Idlib", "district",
    "village", "Mr.", "U.S.", "air", "strike", "bomb", "clashes", "between", "army", "and", "rebels", "injuring", "no one", ",",
    ".", "(", ")", '"', "“", "”", "’s", "-", "–", "\n", "\n\n", ":", ";", "2016", "06/04/2017", "overnight", "deaths", "dead",
    "father of", "family of five", "Kherson", "Kabul", "Maoists", "identified as", "who", "was", "were", "been", "alias", "aged",
    "\u00a0", "\u200b", "\u202e", "😀", "٣", "１２", "twenty-three", "hundred", "thousand", "0", "9" * 40, "Ra'as al-‘Ayn",
]  # fmt: skip
GLUE = st.sampled_from([" ", " ", " ", "", "\n", ", ", ". "])
NEWS = st.lists(st.tuples(st.sampled_from(WORDS), GLUE), max_size=60).map(lambda pairs: "".join(a + b for a, b in pairs))
ANYTHING = st.text(max_size=300)
REPEATS = st.builds(lambda unit, times: unit * times, st.sampled_from([w + g for w in WORDS for g in (" ", "", ", ")]), st.integers(1, 60))
TEXTS = st.one_of(NEWS, ANYTHING, REPEATS)

STRANGE = {
    "one long line": "killed " * 20_000,
    "no spaces": "a" * 50_000,
    "only digits": "1" * 50_000,
    "digit groups": "1,000,000 " * 5_000,
    "capitals": "TWO SOLDIERS WERE KILLED IN ALEPPO ON TUESDAY. " * 400,
    "capitalised words": "Aleppo Homs Hama Idlib " * 2_500,
    "commas": ", " * 20_000,
    "and and": "two men and " * 3_000,
    "names": "Ahmad al-Ali, " * 3_000,
    "open quotes": "“" * 20_000,
    "nested quotes": "“‘" * 5_000 + "killed two" + "’”" * 5_000,
    "nested brackets": "(" * 10_000 + "killed" + ")" * 10_000,
    "dots": "." * 40_000,
    "abbreviations": "U.S. Gen. Lt. Col. " * 2_500,
    "hyphens": "al-" * 15_000,
    "spaces": " " * 50_000 + "killed two",
    "newlines": "\n" * 40_000,
    "right to left": "\u202ekilled two\u202c " * 2_000,
    "no-break spaces": "two\u00a0soldiers\u00a0were\u00a0killed\u00a0" * 1_000,
    "combining": "a\u0301" * 20_000,
    "emoji": "😀💥 killed 2 " * 3_000,
    "NULs": "two\x00killed\x00" * 3_000,
    "months": "September 10 and 11 and 12 " * 1_500,
    "of of": "the north of the south of " * 1_500,
    "km east": "15 km east of " * 3_000,
    "at least": "at least more than " * 2_500,
    "including": "12 people including 4 including " * 1_500,
    "numbers in words": "twenty-three hundred thousand and " * 1_500,
    "a word of capitals that speaks": ("A" * 5_000 + " said. ") * 8,
    "an an said": "said " + "an " * 15_000,
    "blank lines in a date": "Sunday" + " \n" * 15_000 + "and in the" + " " * 5_000,
    "400 digits": "killed " + "9" * 400 + " people",
    "year 0 and 9999": "on 1 January 0000 and 31 December 9999 and 30 February 2018 and 0000-00-00 " * 200,
    "people who are years": "two thousand and eighteen people were killed in 2018 " * 500,
}

TOWNS = ("Aleppo", "Homs", "Kabul", "Kherson", "Goma", "Mosul", "Taiz", "Gao", "Juba", "Bor")
# Sound sentences without end: n and m are numbers, t a town, d a day; what is kept of each must not be gone through again
ENDLESS = {
    "the same sentence": "Two soldiers were killed in Aleppo on Tuesday. ",
    "an event a sentence": "{n} people were killed and {m} wounded in {t} on {d}. ",
    "no day, no place": "{n} people were killed. ",
    "others, and others": "Another {n} people were killed. ",
    "hurt, and one dies": "{n} people were shot. One died. ",
    "places": "Shells fell on {t}. ",
    "names of places": "{t}, ",
    "days": "{d}, {y}, ",
    "quotations": "“They killed {n} people in {t},” he said. ",
    "tolls of a time": "Since the beginning of September at least {n} civilians have been killed in {t} province. ",
    "totals and parts": "At least 4{m} civilians were killed, of them {m} in {t} and {m} in {t}. ",
    "talks": "The president met the king in {t} on {d}. ",
}


def endless(sentence: str, size: int) -> str:
    """About so many characters of a sentence with ever other numbers, towns and days."""
    dice, told, length = random.Random(1), [], 0
    while length < size:
        said = sentence.format(n=dice.randint(2, 40), m=dice.randint(2, 9), t=dice.choice(TOWNS), y=dice.randint(1990, 2018),
                               d=f"{dice.choice(('May', 'July', 'August'))} {dice.randint(1, 28)}")  # fmt: skip
        told.append(said)
        length += len(said)
    return "".join(told)


# What an attacker would write where an article has words: each calls trap() or fetches from evil.example if it is obeyed
PAYLOADS = (
    "<script>trap(1)</script>",
    "<img src=http://evil.example/i.png onerror=trap(2)>",
    "\"><svg onload=trap(3)>'",
    "[press](javascript:trap(4)) ![p](http://evil.example/m.png)",
    "javascript:trap(5)",
    '<b>bold</b><a href="http://evil.example/a">link</a>',
    "%{fullData.name} %{customdata}<extra>spoof</extra>",
    "{{constructor.constructor('trap(7)')()}} ${trap(8)}",
    "<iframe srcdoc='<script>parent.trap(9)</script>'></iframe>",
    "</style></div><style>@import 'http://evil.example/s.css'</style>",
    ":red[x] :material/warning: $\\href{javascript:trap(10)}{y}$ `z` **w**",
)
