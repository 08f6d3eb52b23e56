"""Text that looks like markup or PDF is printed as it was typed, wherever it stands (reliability.md S05)."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from models.charts import Chart, Series
from reports.paper import Chapter, Listing, Para, Report, Sheet, Total, write_pdf
from tests.reports.paper import samples

PAYLOADS = [
    "A & B <3 <b>",
    "<b>粗体</b>",
    "</b></i></u>",
    "<para>",
    '<img src="/etc/passwd" width="200" height="200"/>',
    '<img src="file:///etc/hostname"/>',
    '<img src="http://127.0.0.1:9/a.png"/>',
    '<a href="javascript:alert(1)">点我</a>',
    '<a href="http://example.invalid/">链接</a>',
    '<link href="#x">x</link>',
    '<font size="9999">大</font>',
    "<font color=\"[[[getattr(pow,Word('__globals__'))['os'].system('touch /tmp/x') for Word in [1]]]]\">",
    '<font name="Helvetica">x</font>',
    '<onDraw name="x" label="y"/>',
    "<seq/><seqReset/>",
    "<super>2</super><sub>3</sub>",
    "<br/><br>",
    "<!-- 注 -->",
    "<![CDATA[ x ]]>",
    "<?xml version='1.0'?>",
    "&lt;b&gt; &#60; &amp;amp;",
    "&nbsp;&copy;&#x202e;",
    "]]> ) Tj ET Q",
    "(a) Tj (b",
    "\\(\\)\\\\ \\101 \\n",
    ") >> endobj 1 0 obj << /Type /Action /S /Launch",
    "/JavaScript (app.alert(1)) /OpenAction",
    "%PDF-1.4 %%EOF",
    "stream endstream xref trailer startxref",
    "%s %d %(x)s {0} {name!r} ${HOME}",
    "=cmd|'/c calc'!A0",
    "'; DROP TABLE bills; --",
    "../../etc/passwd",
    "{{7*7}} ${7*7} #{7*7}",
    "<script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "<table><tr><td>",
    "1 < 2 > 0 && true",
    "全角＜ｂ＞＆",
    "\u202e倒\u202c置\u0000空\u0007响",
    "@@@ ### *** ___ ``` ~~~",
]

_ACTIVE = re.compile(rb"/(URI|JS|JavaScript|Launch|OpenAction|Annots|EmbeddedFile)\b")


def squeezed(text: str) -> str:
    return "".join(text.split())


def plain(payload: str) -> str:
    """Return what must stand on the page: control characters have no glyph, the rest is literal."""
    return squeezed(re.sub("[\x00\x07\u202c\u202e]", "", payload))


def everywhere(payload: str) -> list[Sheet | Report]:
    """Put the payload into every text that a user can give."""
    row = (payload, payload, payload, payload, payload, payload)
    sheet = Sheet(
        samples.NOTICE,
        "JF-1",
        dict.fromkeys(samples.NOTICE.names, payload),
        [row, Total(payload, (None, None, None, None, Decimal(1), None))],
        [Total(payload, text=payload)],
        notes=[payload, (payload, payload)],
        signed={"制单": payload},
        watermark=payload,
        title=payload,
    )
    parts = (
        Chapter(payload),
        Para(payload),
        Chart("bar", payload, (payload,), (Series(payload, (1,)), Series(payload, (2,)))),
        Listing(samples.CASE.table, [(payload, payload, payload)]),
    )
    return [sheet, Report(samples.MONTHLY, parts, "KB-1", {"month": payload})]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_is_printed_as_it_was_typed(tmp_path: Path, payload: str) -> None:
    write_pdf(tmp_path / "a.pdf", everywhere(payload), samples.LETTERHEAD, samples.PRINTED)
    reader = PdfReader(tmp_path / "a.pdf")
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    assert text.count(plain(payload)) >= 8
    assert not any(list(page.images) for page in reader.pages)
    assert not any(page.get("/Annots") for page in reader.pages)
    assert not _ACTIVE.search((tmp_path / "a.pdf").read_bytes())


def test_there_are_forty_payloads_at_least() -> None:
    assert len(set(PAYLOADS)) >= 40
