"""演示的人: invented names, numbers and plates, those with rare characters and surnames first."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

RARE = (
    *("张䶮", "王𠮷", "刘㛃", "陈𬭎", "单玉洁", "仇长林", "查秀兰", "翟秋实", "区美玲", "曾令辉", "解小满"),
    *("任𪟝", "盖春生", "尉迟明", "万俟春", "欧阳雪", "朴文浩", "李𬢳"),
)
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭肖田董袁潘于蒋蔡余杜叶程苏魏吕丁沈"
_GIVEN = {
    "男": "伟强磊军洋勇杰涛明超平刚建国志博宇浩然文斌鹏飞俊峰海波辉鑫凯旭东立新永康德福少华家乐",
    "女": "芳娜秀英敏静丽艳娟霞桂玉兰红梅琳欣怡思雨晨雪婷慧颖佳倩淑珍春燕晓丹凤莲巧云小月",
}
_TRADES = ("商贸", "餐饮管理", "教育咨询", "健康管理", "电子科技", "文化传媒", "家居装饰", "药房连锁")
_PLACES = ("青禾", "云岭", "锦程", "博远", "安泰", "晨光", "瑞丰", "恒信", "南枝", "知行")
_CARS = ("大众", "丰田", "比亚迪", "吉利", "本田", "长安", "别克", "理想")
_COLOURS = ("白", "黑", "灰", "银", "蓝", "红")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RARE_EVERY = 3


@dataclass(frozen=True)
class Who:
    """One person or company of the demo."""

    number: str
    name: str
    kind: str = "个人"
    gender: str | None = None
    phone: str | None = None
    identity: str | None = None
    contact: str | None = None


@dataclass(frozen=True)
class Car:
    """A vehicle, its owner's number and the space it stands on."""

    plate: str
    owner: str
    space: str | None
    brand: str
    colour: str
    since: date


class People:
    """Everybody there is, numbered as they come."""

    def __init__(self, chance: random.Random) -> None:
        self.all: list[Who] = []
        self._chance = chance
        self._rare = list(RARE)
        self._plates: set[str] = set()

    def person(self) -> Who:
        """Invent a person; every third has a rare name until all of those are given."""
        gender = self._chance.choice("男女")
        length = self._chance.choices((1, 2), (1, 4))[0]
        name = self._chance.choice(_SURNAMES) + "".join(self._chance.choices(_GIVEN[gender], k=length))
        if self._rare and len(self.all) % _RARE_EVERY == 0:
            name = self._rare.pop(0)
        identity = self._identity(gender) if self._chance.random() < 0.9 else None
        return self._known(Who("", name, gender=gender, phone=self._phone(), identity=identity))

    def company(self, name: str | None = None) -> Who:
        """Invent a company, or take this one in."""
        invented = f"{self._chance.choice(_PLACES)}{self._chance.choice(_TRADES)}有限公司"
        contact = self._chance.choice(_SURNAMES) + self._chance.choice(("经理", "女士", "先生"))
        return self._known(Who("", name or invented, "单位", phone=self._phone(), contact=contact))

    def car(self, owner: Who, space: str | None, latest: date) -> Car:
        """Invent a vehicle, every fourth with a plate of eight characters, as electric cars have."""
        plate = self._plate()
        since = latest - timedelta(days=self._chance.randint(200, 1500))
        brand, colour = self._chance.choice(_CARS), self._chance.choice(_COLOURS)
        return Car(plate, owner.number, space, brand, colour, since)

    def _known(self, who: Who) -> Who:
        numbered = Who(
            f"Y{len(self.all) + 1:05d}", who.name, who.kind, who.gender, who.phone, who.identity, who.contact
        )
        self.all.append(numbered)
        return numbered

    def _phone(self) -> str:
        return f"154{self._chance.randrange(10**8):08d}"

    def _identity(self, gender: str) -> str:
        born = date(1945, 1, 1) + timedelta(days=self._chance.randrange(60 * 365))
        place = self._chance.randrange(500) * 2 + (gender == "男")
        digits = f"990101{born:%Y%m%d}{place:03d}"
        total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True))
        return digits + "10X98765432"[total % 11]

    def _plate(self) -> str:
        while True:
            electric = "D" if self._chance.random() < 0.25 else ""
            plate = f"云{self._chance.choice('ACEF')}{electric}{self._chance.randrange(100_000):05d}"
            if self._chance.random() < 0.5:
                plate = plate[:-1] + self._chance.choice(_LETTERS)
            if plate not in self._plates:
                self._plates.add(plate)
                return plate
