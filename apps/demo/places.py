"""Where the demo shop's customers live, and telephone numbers that ring nowhere.

Every number lies in a range that the country's regulator keeps for fiction; a country without such a
range has customers without a number.
"""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    country: str
    city: str
    state: str
    time_zone: str
    phone: str = ""  # N is any digit
    postcode: str = ""
    parcel_days: int = 4
    weight: int = 1

    def number(self, chance: random.Random) -> str:
        return _filled(self.phone, chance)

    def code(self, chance: random.Random) -> str:
        return _filled(self.postcode, chance)


def some_street(country: str, chance: random.Random) -> str:
    """Street and number as they are written there."""
    pattern = chance.choice(STREETS[country])
    return pattern.format(n=chance.randrange(1, 90))


def _filled(pattern: str, chance: random.Random) -> str:
    return "".join(str(chance.randrange(10)) if sign == "N" else sign for sign in pattern)


BERLIN, LONDON, PARIS = "Europe/Berlin", "Europe/London", "Europe/Paris"
EAST, CENTRAL, WEST = "America/New_York", "America/Chicago", "America/Los_Angeles"

IN_ENGLISH = ["{n} Mill Lane", "{n} Station Road", "{n} Church Walk", "{n} Harbour Street"]
OVERSEAS = ["{n} Maple Street", "{n} Lake Avenue", "{n} Juniper Road", "{n} Pine Street", "{n} Hill Road"]
STREETS = {
    "DE": ["Lindenweg {n}", "Am Kanal {n}", "Gartenstraße {n}", "Hafenstraße {n}", "Kirchgasse {n}"],
    "GB": IN_ENGLISH,
    "IE": IN_ENGLISH,
    "FR": ["{n} rue des Tilleuls", "{n} rue du Moulin", "{n} quai des Brumes", "{n} avenue des Pins"],
    "SE": ["Björkgatan {n}", "Hamngatan {n}", "Skogsvägen {n}"],
    "PT": ["Rua das Flores {n}", "Rua do Moinho {n}", "Travessa da Fonte {n}"],
    "NO": ["Bjørkeveien {n}", "Havnegaten {n}", "Skogveien {n}"],
    "IN": ["{n} Temple Road", "{n} Banyan Street", "{n} Lake View Road"],
    "US": OVERSEAS,
    "CA": OVERSEAS,
    "AU": OVERSEAS,
}

PLACES = [
    Place("DE", "Hamburg", "", BERLIN, "+494066969NNN", "20NN7", 3, 9),
    Place("DE", "Berlin", "", BERLIN, "+493023125NNN", "10NN5", 3, 10),
    Place("DE", "Cologne", "", BERLIN, "+492214710NNN", "50NN8", 3, 6),
    Place("DE", "Munich", "", BERLIN, "+498999998NNN", "80NN3", 3, 7),
    Place("DE", "Frankfurt", "", BERLIN, "+496990009NNN", "60NN1", 3, 4),
    Place("GB", "London", "", LONDON, "+442079460NNN", "SE1 NAB", 6, 8),
    Place("GB", "Manchester", "", LONDON, "+441614960NNN", "M1 NAB", 6, 4),
    Place("GB", "Edinburgh", "", LONDON, "+441314960NNN", "EH1 NAB", 6, 3),
    Place("GB", "Bristol", "", LONDON, "+441174960NNN", "BS1 NAB", 6, 3),
    Place("IE", "Dublin", "", "Europe/Dublin", "+3532091NNNNN", "D02 X2NN", 6, 2),
    Place("FR", "Paris", "", PARIS, "+3319900NNNN", "750NN", 4, 5),
    Place("FR", "Nantes", "", PARIS, "+3326191NNNN", "440NN", 4, 2),
    Place("FR", "Lyon", "", PARIS, "+3346571NNNN", "690NN", 4, 3),
    Place("SE", "Gothenburg", "", "Europe/Stockholm", "+4631390062N", "411 NN", 5, 3),
    Place("SE", "Stockholm", "", "Europe/Stockholm", "+468465004NN", "111 NN", 5, 3),
    Place("PT", "Lisbon", "", "Europe/Lisbon", "", "1100-NNN", 5, 3),
    Place("NO", "Bergen", "", "Europe/Oslo", "", "50NN", 6, 2),
    Place("IN", "Bengaluru", "Karnataka", "Asia/Kolkata", "", "5600NN", 11, 2),
    Place("US", "New York", "NY", EAST, "+121255501NN", "100NN", 8, 5),
    Place("US", "Boston", "MA", EAST, "+161755501NN", "021NN", 8, 3),
    Place("US", "Chicago", "IL", CENTRAL, "+131255501NN", "606NN", 8, 3),
    Place("US", "Denver", "CO", "America/Denver", "+130355501NN", "802NN", 8, 3),
    Place("US", "Seattle", "WA", WEST, "+120655501NN", "981NN", 9, 3),
    Place("CA", "Toronto", "ON", "America/Toronto", "+141655501NN", "M5V NA1", 9, 3),
    Place("AU", "Melbourne", "VIC", "Australia/Melbourne", "+6135550NNNN", "30NN", 10, 2),
    Place("AU", "Perth", "WA", "Australia/Perth", "+6185550NNNN", "60NN", 11, 1),
]


def some_place(chance: random.Random) -> Place:
    return chance.choices(PLACES, [place.weight for place in PLACES])[0]
