"""字符映射: mends the map from glyphs back to characters that ReportLab writes.

ReportLab 5.1 writes a character beyond U+FFFF (𠮷, 𬭎) as five hex digits, so that copying and
searching the paper gives other characters. Importing this module puts the right map in place.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.pdfbase import ttfonts

_BLOCK = 100  # the most entries that a bfchar block may hold

_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def
/CMapName /{name} def
/CMapType 2 def
1 begincodespacerange
<00> <{last:02X}>
endcodespacerange
"""

_TAIL = """endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


def to_unicode_map(fontname: str, subset: Sequence[int]) -> str:
    """Return the ToUnicode map of one font subset, its targets in UTF-16."""
    entries = [
        f"<{code:02X}> <{chr(target).encode('utf-16-be', 'replace').hex().upper()}>"
        for code, target in enumerate(subset)
    ]
    blocks = [entries[start : start + _BLOCK] for start in range(0, len(entries), _BLOCK)]
    body = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return _HEAD.format(name=fontname, last=len(subset) - 1) + body + _TAIL


ttfonts.makeToUnicodeCMap = to_unicode_map
