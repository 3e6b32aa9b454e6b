"""What Tern & Thistle sells: things for people who are outside a lot."""

import random
from dataclasses import dataclass
from decimal import Decimal

SIZES = ["XS", "S", "M", "L", "XL"]
PAIRS = {"gloves", "trousers", "socks"}
COLOURS = ["moss", "slate", "rust", "sand", "ink", "heather"]


@dataclass(frozen=True)
class Good:
    name: str
    price: Decimal
    sized: bool = False

    @property
    def spoken(self) -> str:
        """As somebody calls it in a sentence: "the Fjell jacket is", "the pair of Wader gloves is"."""
        name = self.name.split(",")[0]
        return f"pair of {name}" if name.split()[-1] in PAIRS else name

    def described(self, chance: random.Random) -> str:
        """As it stands on an order: "Fjell jacket, moss M"."""
        size = f" {chance.choice(SIZES)}" if self.sized else ""
        return f"{self.name}, {chance.choice(COLOURS)}{size}"


def _good(name: str, price: str, sized: bool = False) -> Good:
    return Good(name, Decimal(price), sized)


GOODS = [
    _good("Fjell jacket", "189.00", True),
    _good("Skerry rain coat", "149.00", True),
    _good("Heath fleece", "79.00", True),
    _good("Burrow wool jumper", "98.00", True),
    _good("Drift trousers", "89.00", True),
    _good("Plover shirt", "59.00", True),
    _good("Merino base layer", "64.00", True),
    _good("Wool socks, two pairs", "24.00", True),
    _good("Knit cap", "29.00"),
    _good("Wader gloves", "34.00", True),
    _good("Tarn tent for two", "329.00"),
    _good("Tarn tent for four", "469.00"),
    _good("Down sleeping bag", "249.00"),
    _good("Sleeping mat", "69.00"),
    _good("Larch rucksack, 30 l", "119.00"),
    _good("Larch rucksack, 55 l", "179.00"),
    _good("Day bag", "54.00"),
    _good("Enamel mug", "14.50"),
    _good("Steel bottle, 1 l", "32.00"),
    _good("Camp stove", "84.00"),
    _good("Cook set", "58.00"),
    _good("Head torch", "44.00"),
    _good("Folding knife", "39.00"),
    _good("Trail map case", "19.50"),
    _good("Picnic blanket", "49.00"),
    _good("Beeswax for leather", "12.00"),
]


def some_goods(chance: random.Random, *, generous: bool = False) -> list[Good]:
    most = 5 if generous else 3
    count = min(chance.choices(range(1, 6), [60, 25, 9, 4, 2])[0] + generous, most)
    return chance.sample(GOODS, count)
