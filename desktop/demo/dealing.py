"""演示的住户: houses are dealt out like cards, until each has its owner and each owner a habit of paying.

From a shuffled deck each part (joint owners, tenants, sold houses …) takes its share, at least one while
there are any left.
"""

from __future__ import annotations

import random
from decimal import Decimal

from desktop.demo.building import Builder
from desktop.demo.calendar import Calendar
from desktop.demo.estate import Estate, Household, Owned, Place, Sale, Used
from desktop.demo.names import People, Who
from models.months import Month

_OLDEST = (41, 30, 18, 9)
"""How many months ago those who never pay again paid last: one for each age of arrears."""


def invent(units: int, chance: random.Random, calendar: Calendar) -> Estate:
    """Invent the estate: 72 % houses, 18 % parking spaces, 6 % storerooms, 4 % shops."""
    made = Estate(People(chance))
    builder = Builder(made, chance, calendar)
    spaces, stores = round(units * 0.18), round(units * 0.06)
    shops = round(units * 0.04)
    houses = builder.houses(units - spaces - stores - shops)
    builder.shops(shops)
    stored = builder.storerooms(stores)
    parked = builder.spaces(spaces)
    dealer = _Dealer(made, chance, calendar)
    dealer.deal(houses, max(1, round(units * 0.03)), parked)
    dealer.shops()
    dealer.hand_out(stored, parked)
    return made


class _Dealer:
    """Gives the units their owners, tenants and habits."""

    def __init__(self, made: Estate, chance: random.Random, calendar: Calendar) -> None:
        self._made, self._chance, self._calendar = made, chance, calendar
        self._deck: list[Place] = []
        self._plain: list[Household] = []
        self._developer: Household | None = None

    def deal(self, houses: list[Place], ownerless: int, spaces: list[Place]) -> None:
        """Deal the houses out; of the units without owner half are houses, half parking spaces."""
        self._deck = list(houses)
        self._chance.shuffle(self._deck)
        count = len(houses)
        self._pairs(self._take(max(1, count * 15 // 100)))
        self._let(self._take(max(1, count * 6 // 100)), pays=True)
        self._sell(self._take(max(2, count * 3 // 100)))
        self._stop(self._take(max(len(_OLDEST), count // 100)))
        without = self._take(max(ownerless - ownerless // 2, ownerless - len(spaces)))
        lots = self._chance.sample(spaces, min(len(spaces), ownerless - len(without)))
        for place in [*without, *lots]:
            self._made.ownerless.append(place.code)
            place.state = "空置"
        self._odd_habits(count)
        self._heirs(self._take(max(1, count // 100)))
        self._unsold(self._take(max(1, count * 2 // 100)))
        self._let(self._take(max(1, count * 3 // 100)), pays=False)
        self._hand_over_late(self._take(max(1, count * 2 // 100)))
        for place in self._take(len(self._deck)):
            self._plain.append(self._household(place, self._owner(place)))

    def shops(self) -> None:
        """Let companies own three shops of five."""
        for index, place in enumerate(place for place in self._made.places if place.kind == "商铺"):
            company = index % 5 in (0, 2, 3)
            owner = self._made.people.company() if company else self._made.people.person()
            self._made.owned.append(Owned(place.code, owner.number))
            place.state = "已交付"
            household = self._household(place, owner)
            household.method = "转账" if company else household.method
            household.rhythm, household.phase = 1, 0

    def hand_out(self, stores: list[Place], spaces: list[Place]) -> None:
        """Let households own storerooms and parking spaces besides their house; every tenth stays unsold."""
        for place in stores:
            self._give(place)
        for place in spaces:
            if place.code not in self._made.ownerless:
                self._give(place)

    # -- the parts of the deck ---------------------------------------------------------------------

    def _take(self, count: int) -> list[Place]:
        taken, self._deck = self._deck[:count], self._deck[count:]
        return taken

    def _pairs(self, places: list[Place]) -> None:
        """Let couples and others own a house together, most of them by halves."""
        for place in places:
            first, second = self._made.people.person(), self._made.people.person()
            share = Decimal(self._chance.choice((50, 50, 50, 60, 70)))
            self._made.owned.append(Owned(place.code, first.number, share))
            self._made.owned.append(Owned(place.code, second.number, 100 - share, False))
            self._plain.append(self._household(place, first))

    def _heirs(self, places: list[Place]) -> None:
        """Let three heirs own a house by thirds."""
        for place in places:
            heirs = [self._made.people.person() for _ in range(3)]
            for index, (heir, share) in enumerate(zip(heirs, ("33.34", "33.33", "33.33"), strict=True)):
                self._made.owned.append(Owned(place.code, heir.number, Decimal(share), index == 0))
            self._household(place, heirs[0])

    def _let(self, places: list[Place], pays: bool) -> None:
        """Let tenants use a house; every fourth tenancy has ended."""
        for index, place in enumerate(places):
            owner = self._owner(place)
            tenant = self._made.people.person()
            since = self._calendar.first.plus(-self._chance.randint(0, 8)).day(self._chance.randint(1, 28))
            until = self._calendar.within(self._chance) if index % 4 == 3 else None
            until = until if until is None or until > since else None
            self._made.used.append(Used(place.code, tenant.number, "租户", pays, since, until))
            place.state = "已入住" if until else "已出租"
            self._household(place, tenant if pays else owner)

    def _sell(self, places: list[Place]) -> None:
        """Let houses pass to new owners; of every four sellers one leaves debts behind."""
        for index, place in enumerate(places):
            seller = self._owner(place)
            buyers = [self._made.people.person() for _ in range(1 + index % 2)]
            on = self._calendar.within(self._chance)
            sale = Sale(place.code, tuple(buyer.number for buyer in buyers), on, clears=index % 4 != 1)
            self._made.sales.append(sale)
            sold = self._household(place, seller)
            sold.sale, sold.stops = sale, Month.of(on).plus(1 if sale.clears else -4)
            bought = self._household(place, buyers[0])
            bought.sale, bought.begins = sale, Month.of(on).plus(1)

    def _stop(self, places: list[Place]) -> None:
        """Let some pay nothing for months and years: arrears of every age."""
        for index, place in enumerate(places):
            owner = self._owner(place)
            stopped = self._calendar.now.plus(-_OLDEST[index % len(_OLDEST)])
            self._made.debtors.append((place.code, owner.number, stopped))
            self._household(place, owner).stops = stopped

    def _odd_habits(self, count: int) -> None:
        """Let some pay in part, too much, or have their first receipt made out wrong."""
        for habit, share in (("part", 2), ("over", 2), ("wrong", 1)):
            for index, place in enumerate(self._take(max(1, count * share // 100))):
                household = self._household(place, self._owner(place))
                household.habit, household.phase = habit, 0
                household.rhythm = 6 if habit == "over" else household.rhythm
                household.extra = 800_000 if index == 0 else self._chance.randint(1, 6) * 100_000
                household.stops = None

    def _unsold(self, places: list[Place]) -> None:
        """Let the developer keep some houses, which nobody lives in."""
        for place in places:
            self._keep(place)
            place.state, place.basis = "未售", "合同(暂)"

    def _hand_over_late(self, places: list[Place]) -> None:
        """Hand houses over while the ledger runs: their first month is charged by the day."""
        for place in places:
            place.handed_over = self._calendar.within(self._chance)
            place.basis = "合同(暂)"
            self._household(place, self._owner(place))
            self._made.remeasured.append(place.code)

    # -- owners and habits -------------------------------------------------------------------------

    def _owner(self, place: Place) -> Who:
        owner = self._made.people.person()
        self._made.owned.append(Owned(place.code, owner.number))
        if self._chance.random() < 0.1:
            family = self._made.people.person()
            since = place.handed_over
            self._made.used.append(Used(place.code, family.number, "家庭成员", False, since))
        if self._chance.random() < 0.05:
            place.state = "空置"
        if self._chance.random() < 0.1:
            self._made.cars.append(self._made.people.car(owner, None, self._calendar.today))
        return owner

    def _household(self, place: Place, payer: Who) -> Household:
        rhythm = self._chance.choices((1, 3, 6, 12), (6, 80, 10, 4))[0]
        late = self._chance.choices((0, 1, 2), (82, 13, 5))[0]
        phase = late % rhythm if rhythm <= 3 else self._chance.randrange(0, rhythm, 3)
        method = self._chance.choices(("微信", "支付宝", "现金", "POS", "转账"), (45, 17, 20, 8, 10))[0]
        made = Household([place.code], payer.number, rhythm, phase, self._chance.randint(2, 28), method)
        if self._chance.random() < 0.03:
            made.stops = self._chance.choice(self._calendar.months)
        self._made.households.append(made)
        return made

    def _give(self, place: Place) -> None:
        if not self._plain or self._chance.random() < 0.1:
            self._keep(place)
            place.state = "未售"
            return
        household = self._chance.choice(self._plain)
        household.units.append(place.code)
        self._made.owned.append(Owned(place.code, household.payer))
        if place.kind == "车位" and self._chance.random() < 0.9:
            owner = next(who for who in self._made.people.all if who.number == household.payer)
            self._made.cars.append(self._made.people.car(owner, place.code, self._calendar.today))

    def _keep(self, place: Place) -> None:
        """Leave a unit with the developer, who pays for all of his twice a year."""
        if self._developer is None:
            who = self._made.people.company("云川置业有限公司")
            self._developer = Household([], who.number, 6, 5, 20, "转账")
            self._made.households.append(self._developer)
        self._developer.units.append(place.code)
        self._made.owned.append(Owned(place.code, self._developer.payer))
