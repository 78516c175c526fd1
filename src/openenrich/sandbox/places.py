"""Countries and towns of the world, who lives there, and the telephone ranges kept for fiction.

Every number is reserved for drama by its regulator and reads as a number of its type in ``core/phone.py``: either the
``phonenumbers`` metadata know it, or, for the mobiles of Britain (07700 900xxx) and France (06 39 98 xx xx), the core
does. Ireland, Spain, the Netherlands and Poland reserve nothing usable: people there carry a mobile of another plan,
as somebody who moved does, or none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers ``prefix`` + a counter of ``digits`` digits from ``start``, ``size`` of them."""

    prefix: str
    digits: int
    size: int
    start: int = 0

    def number(self, index: int) -> str:
        return f"{self.prefix}{self.start + index % self.size:0{self.digits}d}"


@dataclass(frozen=True, slots=True)
class Country:
    """``towns`` are (city, region); ``weight`` is the share of companies; ``mobile_share`` of people with a mobile."""

    code: str
    name: str
    weight: int
    towns: tuple[tuple[str, str], ...]
    cultures: Mapping[str, int]
    suffixes: tuple[str, ...]
    time_zone: str
    mobiles: tuple[Range, ...] = ()
    landlines: tuple[Range, ...] = ()
    mobile_share: float = 0.88


def _nanp(codes: str) -> tuple[Range, ...]:
    return tuple(Range(f"+1{code}55501", 2, 100) for code in codes.split())


_US = _nanp(
    "212 415 312 617 512 206 305 404 303 202 213 619 602 702 713 214 215 412 313 216 614 502 504 615 704 919 804 410"
    " 503 801 901 414 612 314 816 405 505 907 808 402 515 316 501 205 843 803 208 406 701 605"
)
_CA = _nanp("416 604 514 403 613 780 204 902 250 306 418 506 519 705 709 807 819 867 905")
_AU_MOBILES = tuple(
    Range("+61491", 6, 1, start=number)
    for number in (
        *(570006, 570110, 570156, 570157, 570158, 570159, 570313, 570737, 571266, 571491, 571804, 572549),
        *(
            572665,
            572983,
            573087,
            573770,
            574118,
            574632,
            575254,
            575789,
            576398,
            576801,
            577426,
            577644,
            578148,
            578888,
        ),
        *(578957, 579212, 579455, 579760),
    )
)

COUNTRIES: Final[Mapping[str, Country]] = {
    country.code: country
    for country in (
        Country(
            "US",
            "United States",
            30,
            (
                ("San Francisco", "California"),
                ("Austin", "Texas"),
                ("Boston", "Massachusetts"),
                ("Chicago", "Illinois"),
                ("Denver", "Colorado"),
                ("New York", "New York"),
            ),
            {
                "english": 45,
                "spanish": 14,
                "indian": 10,
                "irish": 6,
                "korean": 6,
                "vietnamese": 6,
                "west_african": 6,
                "german": 4,
                "arabic": 3,
            },
            ("Inc.", "LLC", "Corp."),
            "America/New_York",
            _US,
            _US,
        ),
        Country(
            "CA",
            "Canada",
            6,
            (("Toronto", "Ontario"), ("Montréal", "Quebec"), ("Vancouver", "British Columbia")),
            {"english": 40, "french": 25, "indian": 12, "korean": 8, "arabic": 8, "vietnamese": 7},
            ("Inc.", "Ltd."),
            "America/Toronto",
            _CA,
            _CA,
        ),
        Country(
            "GB",
            "United Kingdom",
            15,
            (
                ("London", "England"),
                ("Manchester", "England"),
                ("Glasgow", "Scotland"),
                ("Belfast", "Northern Ireland"),
            ),
            {"english": 55, "irish": 10, "indian": 12, "west_african": 10, "polish": 6, "arabic": 7},
            ("Ltd", "PLC", "LLP"),
            "Europe/London",
            (Range("+447700900", 3, 1000),),
            (Range("+442079460", 3, 1000), Range("+441614960", 3, 1000), Range("+441414960", 3, 1000)),
        ),
        Country(
            "FR",
            "France",
            13,
            (("Paris", "Île-de-France"), ("Lyon", "Auvergne-Rhône-Alpes"), ("Nantes", "Pays de la Loire")),
            {"french": 75, "arabic": 10, "spanish": 5, "west_african": 5, "vietnamese": 5},
            ("SAS", "SARL", "SA"),
            "Europe/Paris",
            (Range("+3363998", 4, 10_000),),
            (Range("+3319900", 4, 10_000), Range("+3346571", 4, 10_000), Range("+3326191", 4, 10_000)),
        ),
        Country(
            "DE",
            "Germany",
            12,
            (("Berlin", "Berlin"), ("München", "Bayern"), ("Köln", "Nordrhein-Westfalen"), ("Hamburg", "Hamburg")),
            {"german": 78, "polish": 8, "arabic": 6, "dutch": 4, "spanish": 4},
            ("GmbH", "AG", "GmbH & Co. KG"),
            "Europe/Berlin",
            (Range("+4917139200", 2, 100), Range("+49176040690", 2, 100)),
            (Range("+493023125", 3, 1000), Range("+498999998", 3, 1000), Range("+492214710", 3, 1000)),
        ),
        Country(
            "SE",
            "Sweden",
            5,
            (("Stockholm", "Stockholms län"), ("Göteborg", "Västra Götalands län"), ("Malmö", "Skåne län")),
            {"swedish": 85, "arabic": 8, "german": 7},
            ("AB",),
            "Europe/Stockholm",
            (Range("+467017406", 2, 95, start=5),),
            (Range("+468465004", 2, 100), Range("+463139006", 2, 100), Range("+464062804", 2, 100)),
        ),
        Country(
            "AU",
            "Australia",
            5,
            (("Sydney", "New South Wales"), ("Melbourne", "Victoria"), ("Brisbane", "Queensland")),
            {"english": 60, "japanese": 12, "vietnamese": 10, "indian": 10, "irish": 8},
            ("Pty Ltd",),
            "Australia/Sydney",
            _AU_MOBILES,
            (Range("+6125550", 4, 10_000), Range("+6135550", 4, 10_000), Range("+6175550", 4, 10_000)),
            0.5,
        ),
        Country(
            "IE",
            "Ireland",
            3,
            (("Dublin", "Leinster"), ("Cork", "Munster"), ("Galway", "Connacht")),
            {"irish": 80, "polish": 12, "english": 8},
            ("Ltd", "DAC"),
            "Europe/Dublin",
            mobile_share=0.4,
        ),
        Country(
            "ES",
            "Spain",
            5,
            (("Madrid", "Comunidad de Madrid"), ("Barcelona", "Cataluña"), ("Málaga", "Andalucía")),
            {"spanish": 94, "german": 3, "arabic": 3},
            ("S.L.", "S.A."),
            "Europe/Madrid",
            mobile_share=0.4,
        ),
        Country(
            "NL",
            "Netherlands",
            4,
            (("Amsterdam", "Noord-Holland"), ("Rotterdam", "Zuid-Holland"), ("Eindhoven", "Noord-Brabant")),
            {"dutch": 82, "arabic": 8, "german": 5, "polish": 5},
            ("B.V.", "N.V."),
            "Europe/Amsterdam",
            mobile_share=0.4,
        ),
        Country(
            "PL",
            "Poland",
            2,
            (("Warszawa", "Mazowieckie"), ("Kraków", "Małopolskie"), ("Łódź", "Łódzkie")),
            {"polish": 95, "german": 5},
            ("Sp. z o.o.", "S.A."),
            "Europe/Warsaw",
            mobile_share=0.4,
        ),
    )
}

ABROAD: Final[tuple[Range, ...]] = _US + _CA
"""The mobiles of people whose own country reserves none."""
