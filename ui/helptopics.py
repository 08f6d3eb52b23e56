"""帮助题目: the topics of the help, read from the files that ship beside the program, and a search in them.

A topic is a file `resources/help/<name>.html`; the topic of a page has the page's own name. The files
hold no colour and no size: whoever shows them adds one style.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING

from models.text import narrow
from resources import find

if TYPE_CHECKING:
    from ui.keytable import Sections
    from ui.page import Page
    from ui.panel import Custom

KEYS = "keys"
GENERAL = (
    "cashier",
    "administrator",
    "desk",
    "window",
    "search",
    "lists",
    "forms",
    "entry",
    "printing",
    "explaining",
    "importing",
    "signin",
    KEYS,
    "role",
)
"""Topics of no page, in the order of the contents; `desk` is the page of the work desk."""
_HERE = "<!--keys-->"
"""Where in the topic of the keys the table of them stands."""
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"</(?:h1|h2|p|li|td)>")
_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_TITLE = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
_AROUND = 26
"""Letters of an excerpt on either side of what was found."""


@dataclass(frozen=True)
class Topic:
    """One topic.

    Args:
        name: its file's, and its page's where it has one.
        body: HTML without a style.
    """

    name: str
    body: str

    @functools.cached_property
    def title(self) -> str:
        """What it is called: its first heading."""
        found = _TITLE.search(self.body)
        return plain(found[1]) if found else self.name

    @functools.cached_property
    def headings(self) -> str:
        """Its further headings, as one text."""
        return " ".join(plain(found) for found in _HEADING.findall(self.body))

    @functools.cached_property
    def words(self) -> str:
        """All it says, without markup."""
        return plain(self.body)

    @functools.cached_property
    def anchors(self) -> frozenset[str]:
        """Names of the deeds that have a heading in it."""
        return frozenset(re.findall(r'<a name="([^"]+)"', self.body))


@dataclass(frozen=True)
class Found:
    """A topic in which the words stand, and where."""

    topic: Topic
    excerpt: str


@functools.cache
def topics() -> dict[str, Topic]:
    """Return every topic by its name."""
    files = sorted(find("help").glob("*.html"))
    return {file.stem: Topic(file.stem, file.read_text(encoding="utf-8")) for file in files}


def with_keys(sections: Sections) -> Topic:
    """Return the topic of the keys with the table of those that the program has."""
    topic = topics()[KEYS]
    return Topic(KEYS, topic.body.replace(_HERE, "".join(table_of(*one) for one in sections.items())))


def table_of(where: str, lines: Sequence[tuple[str, str]]) -> str:
    """Return a section of the table of keys."""
    rows = "".join(
        f"<tr><td width='190'><code>{escape(key)}</code></td><td>{escape(does)}</td></tr>"
        for key, does in lines
    )
    return f'<h2>{escape(where)}</h2><table cellpadding="3">{rows}</table>'


def topic_of_deed(name: str, first: str = "") -> str:
    """Return the topic that explains a deed: the one given if it does, else whichever; empty where none."""
    known = topics()
    if not name:
        return ""
    if first in known and name in known[first].anchors:
        return first
    return next((topic.name for topic in known.values() if name in topic.anchors), "")


def of_pages(pages: Iterable[Page | Custom]) -> list[str]:
    """Return the topics of some pages."""
    return [page.listing for page in pages if page.listing in topics()]


def search(words: str, among: Sequence[Topic]) -> list[Found]:
    """Return the topics in which all these words stand, the one that fits best first.

    Args:
        words: parted by blanks; full-width letters are understood.
        among: the topics that are looked through.
    """
    parts = [part for part in narrow(words).casefold().split() if part]
    if not parts:
        return []
    ranked = [(_rank(topic, parts), number, topic) for number, topic in enumerate(among)]
    ranked = sorted((one for one in ranked if one[0]), key=lambda one: (-one[0], one[1]))
    return [Found(topic, _excerpt(topic.words, parts)) for _, _, topic in ranked]


def _rank(topic: Topic, parts: Sequence[str]) -> int:
    """Return how well a topic fits; 0 where one of the words stands nowhere in it."""
    said = topic.words.casefold()
    if not all(part in said for part in parts):
        return 0
    title, headings = topic.title.casefold(), topic.headings.casefold()
    return sum(
        min(said.count(part), 9) + 100 * (part in title) + 200 * (part == title) + 20 * (part in headings)
        for part in parts
    )


def _excerpt(words: str, parts: Sequence[str]) -> str:
    """Return the line in which the first of the words stands, shortened around it."""
    folded = words.casefold()
    lines = words.split("\n")
    for number, line in enumerate(folded.split("\n")):
        at = line.find(parts[0])
        if at >= 0 and (number or len(lines) == 1):  # the title itself is shown anyway
            start, end = max(0, at - _AROUND), at + len(parts[0]) + _AROUND
            shown = lines[number][start:end].strip()
            return f"{'…' if start else ''}{shown}{'…' if end < len(line) else ''}"
    return next((line for line in lines[1:] if line), "")


def plain(body: str) -> str:
    """Return the words of a piece of HTML, a line for each paragraph."""
    text = unescape(_TAG.sub("", _BREAK.sub("\n", body.replace("\n", ""))))
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())
