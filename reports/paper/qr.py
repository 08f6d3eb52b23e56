"""二维码: the QR code of a form's number, worked out fast enough for thousands of sheets.

Everything in a QR symbol but the choice of the mask is linear over its data bits. So each bit's
whole effect (itself and its error correction) is worked out once per version, and a symbol is the
exclusive-or of the bits that are set. Correction level M; ISO/IEC 18004.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
# version: (correction words of a block, data words of each block), level M
_BLOCKS = {
    1: (10, (16,)),
    2: (16, (28,)),
    3: (26, (44,)),
    4: (18, (32, 32)),
    5: (24, (43, 43)),
    6: (16, (27, 27, 27, 27)),
}
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, x: y % 2 == 0,
    lambda y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: (y * x) % 2 + (y * x) % 3 == 0,
    lambda y, x: ((y * x) % 2 + (y * x) % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + (y * x) % 3) % 2 == 0,
)
_LOOKALIKES = ("10111010000", "00001011101")  # must not be taken for a finder
_RUN = re.compile("1+")


@lru_cache(maxsize=64)
def modules(value: str) -> tuple[str, ...]:
    """Return the rows of the QR symbol of `value`, '1' for a dark module.

    Raises:
        ValueError: longer than some 100 bytes, which no number of ours is.
    """
    version, words = _data_words(value)
    symbol = _symbol(version)
    return symbol.rows(symbol.best(symbol.drawn(words)))


def runs(value: str) -> list[tuple[int, int, int]]:
    """Return the dark runs of the symbol as (row, first column, length in modules)."""
    return [
        (y, run.start(), run.end() - run.start())
        for y, row in enumerate(modules(value))
        for run in _RUN.finditer(row)
    ]


def _data_words(value: str) -> tuple[int, bytes]:
    for version, (_, blocks) in _BLOCKS.items():
        bits = _segment(value)
        capacity = sum(blocks) * 8
        if len(bits) <= capacity:
            bits += "0" * min(4, capacity - len(bits))
            bits += "0" * (-len(bits) % 8)
            data = int(bits, 2).to_bytes(len(bits) // 8, "big")
            padding = b"\xec\x11" * (capacity // 16 + 1)
            return version, (data + padding)[: capacity // 8]
    raise ValueError(f"too long for a QR code: {value!r}")


def _segment(value: str) -> str:
    """Encode as alphanumeric where all characters allow it, else as UTF-8 bytes."""
    if all(char in _ALPHANUMERIC for char in value):
        codes = [_ALPHANUMERIC.index(char) for char in value]
        pairs = [codes[i : i + 2] for i in range(0, len(codes), 2)]
        body = (f"{p[0] * 45 + p[1]:011b}" if len(p) == 2 else f"{p[0]:06b}" for p in pairs)
        return f"0010{len(value):09b}" + "".join(body)
    data = value.encode()
    declared = "" if value.isascii() else "011100011010"  # ECI 26: the bytes are UTF-8
    return f"{declared}0100{len(data):08b}" + "".join(f"{byte:08b}" for byte in data)


@cache
def _field() -> tuple[list[int], list[int]]:
    """Return powers and logarithms of the field GF(256) with polynomial 0x11D."""
    powers, logs, value = [0] * 510, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logs[value] = exponent
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return powers, logs


@cache
def _generator(count: int) -> list[int]:
    powers, logs = _field()
    poly = [1]
    for root in range(count):
        poly = [a ^ (powers[logs[b] + root] if b else 0) for a, b in zip([*poly, 0], [0, *poly], strict=True)]
    return poly[1:]


def _correction(data: bytes, count: int) -> bytes:
    """Return the `count` Reed-Solomon words of one block."""
    powers, logs = _field()
    factors = [logs[factor] for factor in _generator(count)]
    rest = [0] * count
    for byte in data:
        lead = byte ^ rest[0]
        rest = [*rest[1:], 0]
        if lead:
            rest = [r ^ powers[logs[lead] + f] for r, f in zip(rest, factors, strict=True)]
    return bytes(rest)


def _interleaved(words: bytes, version: int) -> bytes:
    """Order data and correction words of all blocks as they are placed."""
    count, sizes = _BLOCKS[version]
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    blocks = [words[start : start + size] for start, size in zip(starts, sizes, strict=True)]
    checks = [_correction(block, count) for block in blocks]
    return bytes(byte for group in (blocks, checks) for turn in zip(*group, strict=True) for byte in turn)


class _Symbol:
    """The fixed parts of one version; a symbol is one big integer, a row every `stride` bits."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.size = 17 + 4 * version
        self.fixed = [[-1] * self.size for _ in range(self.size)]
        self._draw_finders()
        self._draw_timing_and_alignment()
        self.format_places = self._reserve_format()
        places = self._data_places()
        self.effects = self._effects(places)
        frame = {(y, x) for y, row in enumerate(self.fixed) for x, v in enumerate(row) if v >= 0}
        self.ground = self._number([(y, x) for y, x in frame if self.fixed[y][x]])
        self.masks = [
            self._number([(y, x) for y, x in places if mask(y, x)]) ^ self._number(self._format_bits(index))
            for index, mask in enumerate(_MASKS)
        ]
        everywhere = range(self.size)
        self.all = self._number([(y, x) for y in everywhere for x in everywhere])
        self.inner = self._number([(y, x) for y in everywhere for x in everywhere[:-1]])

    def drawn(self, words: bytes) -> int:
        """Return the symbol of these data words, not masked yet."""
        symbol = self.ground
        for effect, bit in zip(self.effects, f"{int.from_bytes(words):0{len(words) * 8}b}", strict=True):
            if bit == "1":
                symbol ^= effect
        return symbol

    def best(self, symbol: int) -> int:
        """Return `symbol` under the mask with the least penalty."""
        return min((symbol ^ mask for mask in self.masks), key=self.penalty)

    def rows(self, symbol: int) -> tuple[str, ...]:
        """Return the rows of `symbol` as strings of 0 and 1, left module first."""
        stride, size = self.size + 1, self.size
        bits = f"{symbol:0{stride * size}b}"[::-1]
        return tuple(bits[start : start + size] for start in range(0, stride * size, stride))

    def penalty(self, symbol: int) -> int:
        """Return the penalty of ISO/IEC 18004 for a masked symbol."""
        down = self.size + 1
        total = 0
        for step, valid in ((1, self.inner), (down, self.all >> down)):
            same = ~(symbol ^ symbol >> step) & valid
            five = same & same >> step & same >> 2 * step & same >> 3 * step
            total += five.bit_count() + 2 * (five & ~(five << step)).bit_count()
            total += 40 * sum(self._count(symbol, pattern, step) for pattern in _LOOKALIKES)
        square = ~(symbol ^ symbol >> 1) & ~(symbol ^ symbol >> down) & ~(symbol ^ symbol >> down + 1)
        total += 3 * (square & self.inner & self.all >> down).bit_count()
        share = symbol.bit_count() * 20 // (self.size * self.size)
        return total + 10 * min(abs(share - 10), abs(share - 9))

    def _count(self, symbol: int, pattern: str, step: int) -> int:
        """Count where `pattern` stands along `step`; the guard bits at row ends match nothing."""
        light = ~symbol & self.all
        found = self.all
        for index, bit in enumerate(pattern):
            found &= (symbol if bit == "1" else light) >> index * step
        return found.bit_count()

    def _number(self, cells: list[tuple[int, int]]) -> int:
        return sum(1 << y * (self.size + 1) + x for y, x in cells)

    def _draw_finders(self) -> None:
        last = self.size - 7
        for top, left in ((0, 0), (0, last), (last, 0)):
            for y in range(max(0, top - 1), min(self.size, top + 8)):
                for x in range(max(0, left - 1), min(self.size, left + 8)):
                    ring = max(abs(y - top - 3), abs(x - left - 3))
                    self.fixed[y][x] = int(ring in (0, 1, 3))

    def _draw_timing_and_alignment(self) -> None:
        for i in range(8, self.size - 8):
            self.fixed[6][i] = self.fixed[i][6] = (i + 1) % 2
        centre = self.size - 7
        if self.version > 1:
            for y in range(centre - 2, centre + 3):
                for x in range(centre - 2, centre + 3):
                    self.fixed[y][x] = int(max(abs(y - centre), abs(x - centre)) != 1)

    def _reserve_format(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Reserve both places of the format word, most significant bit first, and the dark module."""
        far = self.size
        around = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [(y, 8) for y in (7, 5, 4, 3, 2, 1, 0)]
        apart = [(far - 1 - i, 8) for i in range(7)] + [(8, far - 8 + i) for i in range(8)]
        for y, x in around + apart:
            self.fixed[y][x] = 0
        self.fixed[far - 8][8] = 1
        return around, apart

    def _format_bits(self, mask: int) -> list[tuple[int, int]]:
        data = mask  # level M is 00, the mask follows
        rest = data << 10
        for shift in range(4, -1, -1):
            if rest >> 10 + shift & 1:
                rest ^= 0x537 << shift
        word = (data << 10 | rest) ^ 0x5412
        return [cell for places in self.format_places for i, cell in enumerate(places) if word >> 14 - i & 1]

    def _data_places(self) -> list[tuple[int, int]]:
        """Return the free cells in the order in which data bits fill them."""
        places = []
        upward = True
        for right in [*range(self.size - 1, 6, -2), *range(5, 0, -2)]:
            rows = range(self.size - 1, -1, -1) if upward else range(self.size)
            places += [(y, x) for y in rows for x in (right, right - 1) if self.fixed[y][x] < 0]
            upward = not upward
        return places

    def _effects(self, places: list[tuple[int, int]]) -> list[int]:
        size = sum(_BLOCKS[self.version][1])
        effects = []
        for index in range(size * 8):
            words = (1 << size * 8 - 1 - index).to_bytes(size, "big")
            stream = "".join(f"{byte:08b}" for byte in _interleaved(words, self.version))
            effects.append(self._number([places[i] for i, bit in enumerate(stream) if bit == "1"]))
        return effects


@cache
def _symbol(version: int) -> _Symbol:
    return _Symbol(version)
