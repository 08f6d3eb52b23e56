"""拼音: how a name is found by its sound, "zgf" or "zengguofan" for 曾国藩.

The library reads a name as words; surnames are read otherwise (曾 zēng, not céng). Both ways
are kept, because staff who never met the owner type the wrong one. Names are read when they are
saved, into an indexed column, never while searching: the library takes 0.3 s and 50 MB to load.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from types import ModuleType

# Readings a surname takes, the usual one first; a second is another family's reading of the character.
_SURNAMES = """
单 shan  仇 qiu  查 zha  翟 zhai/di  区 ou  曾 zeng  解 xie  任 ren  盖 ge/gai  朴 piao  尉 wei/yu
覃 qin/tan  谌 chen/shen  召 shao  种 chong  秘 bi  冼 xian  洗 xian  折 she  黑 he  员 yun  贠 yun
郇 xun/huan  臧 zang  重 chong  繁 po  乐 yue/le  逄 pang  佴 nai  祭 zhai  句 gou  勾 gou  隗 wei/kui
薄 bo  卜 bu  晁 chao  车 che  褚 chu  啜 chuai  逯 lu  哈 ha  和 he  过 guo  那 na  牟 mu/mou  粘 nian
宁 ning  曲 qu  瞿 qu  撒 sa  沈 shen  盛 sheng  相 xiang  宿 su  眭 sui  万 wan  鲜 xian  行 xing  幺 yao
应 ying  於 yu  笮 ze  占 zhan  长 zhang  招 zhao  甄 zhen  阚 kan  炅 gui  宓 mi/fu  乜 nie  郗 xi/chi
郄 qie/xi  揭 jie  降 jiang  能 nai  殳 shu  都 du  干 gan  葛 ge  滑 hua  嵇 ji  藉 ji  纪 ji
角 jue/jiao  菅 jian  隽 juan  亢 kang  令 ling  么 yao  柏 bai/bo  缪 miao/mou  华 hua  燕 yan  藏 zang
适 kuo  晟 cheng/sheng  石 shi  费 fei/bi  贲 ben  番 pan/fan  贾 jia  洪 hong  莘 shen/xin  强 qiang
铫 yao  俞 yu  佛 fo  炔 gui  叶 ye  母 mu  无 wu  齐 qi  冯 feng  景 jing  万俟 mo-qi  尉迟 yu-chi
单于 chan-yu  澹台 tan-tai  长孙 zhang-sun  令狐 ling-hu  乐正 yue-zheng  子车 zi-ju  亓官 qi-guan
濮阳 pu-yang  淳于 chun-yu  鲜于 xian-yu  夏侯 xia-hou  皇甫 huang-fu  诸葛 zhu-ge  拓跋 tuo-ba
夹谷 jia-gu  谷梁 gu-liang  宰父 zai-fu  呼延 hu-yan  颛孙 zhuan-sun  赫连 he-lian  欧阳 ou-yang
角里 lu-li  甪里 lu-li  朱邪 zhu-ye  毌丘 guan-qiu  中行 zhong-hang
"""
_LONGEST_NAME = 8


@dataclass(frozen=True)
class Reading:
    """How a name sounds: all letters ("zengguofan") and the first of each character ("zgf")."""

    full: str
    initials: str


def readings(name: str) -> Reading:
    """Return the likeliest reading of a name, the surname read as a surname; rare characters stay."""
    return _joined(_ways(name)[0])


def search_keys(name: str) -> str:
    """Return every key the name should be found by, parted by blanks: full and initials of each reading."""
    keys: dict[str, None] = {}
    for way in _ways(name):
        reading = _joined(way)
        keys |= {reading.full: None, reading.initials: None}
    keys.pop("", None)
    return " ".join(keys)


def _ways(name: str) -> list[list[str]]:
    """Return the readings of a name as one syllable per character, the likeliest first."""
    words = _syllables(name)
    heads = _surnames().get(name[:2], []) if len(name) > 2 else []
    heads = heads + _surnames().get(name[:1], [])
    ways = [[*head, *words[len(head) :]] for head in heads]
    return [*ways, words, [_read(character) for character in name]]


def _joined(syllables: list[str]) -> Reading:
    sounded = [syllable.lower() for syllable in syllables if syllable.isalnum()]
    return Reading("".join(sounded), "".join(syllable[0] for syllable in sounded))


def _syllables(name: str) -> list[str]:
    """Read as the library does, but ask it only once for each character where no word is in the name."""
    if len(name) <= _LONGEST_NAME and not _holds_word(name):
        return [_read(character) for character in name]
    return list(_read_words(name))


def _holds_word(name: str) -> bool:
    words = _library().constants.PHRASES_DICT
    ends = range(2, len(name) + 1)
    return any(name[start:end] in words for end in ends for start in range(end - 1))


@lru_cache(maxsize=32_768)
def _read(character: str) -> str:
    return str(_library().lazy_pinyin(character, errors=list)[0])


@lru_cache(maxsize=8_192)
def _read_words(name: str) -> tuple[str, ...]:
    return tuple(_library().lazy_pinyin(name, errors=list))


@cache
def _library() -> ModuleType:
    import pypinyin

    return pypinyin


@cache
def _surnames() -> dict[str, list[list[str]]]:
    """Return the table as surname → ways of reading it, one syllable per character."""
    marks = _SURNAMES.split()
    return {
        surname: [way.split("-") for way in ways.split("/")]
        for surname, ways in zip(marks[::2], marks[1::2], strict=True)
    }
