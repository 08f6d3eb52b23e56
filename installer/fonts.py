"""字体: make the fonts under resources/fonts from their published originals.

Run by hand when a new release of a font is taken; needs fontTools. The originals are the npm package
@expo-google-fonts/noto-sans-sc (SIL Open Font License 1.1) and the Debian package fonts-hanazono (Hanazono
Font License, which lets anybody change and pass on the fonts), both unpacked:

    python installer/fonts.py --noto package --hanazono usr/share/fonts/truetype/hanazono

Noto Sans SC keeps every character. The fallback HanaMinB keeps what Noto lacks, and takes from its sister
HanaMinA the few hanzi and signs of the basic plane that neither has.
"""

import argparse
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "resources" / "fonts"
NOTO = {
    "400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
    "700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC-Bold.ttf",
}
# Signs and hanzi of the basic plane worth taking from HanaMinA: letters, symbols, Extension A, the basic
# block, compatibility forms. Kana, Hangul and private use stay out.
SISTER_RANGES = ((0x00A0, 0x02FF), (0x2010, 0x2027), (0x2030, 0x2BFF), (0x3400, 0x9FFF), (0xF900, 0xFAFF))
MOST_GLYPHS = 65_535


def main() -> int:
    """Write the three fonts and say how large each became."""
    given = _arguments()
    kept: set[int] = set()
    for source, target in NOTO.items():
        font = TTFont(given.noto / source)
        kept = set(font.getBestCmap())
        _write(_thinned(font, kept), target)
    _write(_fallback(given.hanazono, kept), "HanaMinB.ttf")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Subset the fonts that ship with the console.")
    parser.add_argument("--noto", type=Path, required=True, help="unpacked npm package")
    parser.add_argument(
        "--hanazono", type=Path, required=True, help="folder of HanaMinA.ttf and HanaMinB.ttf"
    )
    return parser.parse_args()


def _fallback(folder: Path, kept: set[int]) -> TTFont:
    """Return HanaMinB without what Noto draws, with the missing part of HanaMinA added."""
    fallback, sister = TTFont(folder / "HanaMinB.ttf"), TTFont(folder / "HanaMinA.ttf")
    wanted = set(fallback.getBestCmap()) - kept
    added = {code for code in sister.getBestCmap() if _is_wanted(code)} - kept - wanted
    fallback = _thinned(fallback, wanted)
    _add_glyphs(fallback, _thinned(sister, added))
    return fallback


def _is_wanted(code: int) -> bool:
    return any(first <= code <= last for first, last in SISTER_RANGES)


def _thinned(font: TTFont, codes: set[int]) -> TTFont:
    """Return the font with these characters alone, without hints, glyph names, layout or vertical metrics."""
    options = Options()
    options.hinting = False
    options.glyph_names = False
    options.layout_features = []
    options.drop_tables = [
        *options.drop_tables,
        "GSUB",
        "GPOS",
        "GDEF",
        "BASE",
        "vhea",
        "vmtx",
        "VORG",
        "STAT",
    ]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    return font


def _add_glyphs(font: TTFont, other: TTFont) -> None:
    """Copy the mapped glyphs of another font of the same em into this one."""
    if font["head"].unitsPerEm != other["head"].unitsPerEm:
        raise ValueError("the two fonts differ in their em")
    order = font.getGlyphOrder()
    mapped = other.getBestCmap()
    if len(order) + len(mapped) > MOST_GLYPHS:
        raise ValueError(f"{len(order) + len(mapped)} glyphs are more than a font can hold")
    glyphs = {code: f"sister{code:05X}" for code in mapped}
    font.setGlyphOrder([*order, *glyphs.values()])
    for code, name in glyphs.items():
        glyph = other["glyf"][mapped[code]]
        if glyph.isComposite():
            raise ValueError(f"U+{code:04X} is composed of other glyphs")
        font["glyf"].glyphs[name] = glyph
        font["hmtx"][name] = other["hmtx"][mapped[code]]
    for table in font["cmap"].tables:
        most = 0xFFFF if table.format == 4 else 0x10FFFF
        table.cmap.update({code: name for code, name in glyphs.items() if code <= most})


def _write(font: TTFont, name: str) -> None:
    path = FONTS / name
    font.recalcTimestamp = False
    font.save(path)
    print(f"{name}: {len(font.getBestCmap()):,} characters, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    sys.exit(main())
