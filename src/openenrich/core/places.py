"""Countries, US states and names of places, from whatever spelling a vendor uses.

Promises an English name and an ISO 3166-1 alpha-2 code together or nothing at all; never guesses a country from a city.
"""

from functools import cache
from typing import Final

from anyascii import anyascii
from babel import Locale
from babel.core import get_global

from openenrich.core.casing import place_name
from openenrich.core.profile import Location

__all__ = ["country", "location_of", "parts_of_place", "place_name", "us_state"]

_NOT_COUNTRIES: Final = frozenset({"AC", "CP", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
_NAMES: Final = {"HK": "Hong Kong", "MO": "Macao", "MM": "Myanmar", "PS": "Palestine", "CI": "Côte d'Ivoire"}
_ALSO: Final = {
    "US": ("united states of america", "america", "usa", "u s a", "u s"),
    "GB": ("uk", "u k", "great britain", "england", "scotland", "wales", "northern ireland", "gbr"),
    "AE": ("uae", "u a e", "emirates"),
    "BA": ("bosnia",),
    "CD": ("democratic republic of the congo", "dr congo", "drc"),
    "CG": ("congo", "republic of the congo"),
    "CI": ("ivory coast",),
    "CN": ("people s republic of china", "prc", "mainland china"),
    "CV": ("cape verde",),
    "CZ": ("czech republic",),
    "FK": ("falkland islands malvinas",),
    "HK": ("hong kong sar", "hong kong sar china"),
    "IR": ("islamic republic of iran",),
    "KR": ("korea", "republic of korea", "korea republic of", "korea south"),
    "LA": ("lao people s democratic republic",),
    "MD": ("republic of moldova",),
    "MK": ("macedonia", "republic of north macedonia"),
    "MM": ("burma", "myanmar burma"),
    "MO": ("macau", "macao sar china"),
    "NL": ("the netherlands", "holland"),
    "PS": ("palestinian territories", "state of palestine"),
    "RU": ("russian federation",),
    "SY": ("syrian arab republic",),
    "SZ": ("swaziland",),
    "TR": ("turkey", "turkiye"),
    "TW": ("taiwan province of china",),
    "TZ": ("united republic of tanzania",),
    "VA": ("holy see",),
    "VN": ("viet nam",),
}
_STATES: Final = (
    "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|"
    "DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|"
    "KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|"
    "MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|"
    "NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|PR Puerto Rico|RI Rhode Island|"
    "SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|"
    "WV West Virginia|WI Wisconsin|WY Wyoming"
)
_STATE_NAMES: Final = {state[:2]: state[3:] for state in _STATES.split("|")}


def country(text: str | None) -> tuple[str, str] | None:
    """``("United States", "US")`` for ``united states``, ``US``, ``USA``, ``United States of America``."""
    code = _codes().get(_key(text or ""))
    return (_countries()[code], code) if code else None


def us_state(code: str | None) -> str | None:
    """``California`` for ``CA`` or ``US-CA``; a text that is no such code gives nothing."""
    return _STATE_NAMES.get((code or "").strip().upper().removeprefix("US-"))


def location_of(city: str | None = None, region: str | None = None, nation: str | None = None) -> Location | None:
    """Where a person is, from raw parts; a country that is not understood is left out."""
    name, code = country(nation) or (None, None)
    place = Location(
        country=name,
        country_code=code,
        city=place_name(city) if city else None,
        region=place_name(region) if region else None,
    )
    return place if place != Location() else None


def parts_of_place(text: str | None, nation: str | None = None) -> tuple[str | None, str | None, str | None]:
    """City, region and country of ``San Francisco, California, United States``.

    The last part counts as the country only when it is the given one, or when it stands behind a city and a region:
    ``Atlanta, Georgia`` is not abroad.
    """
    parts = [part.strip() for part in (text or "").split(",") if part.strip()]
    last = country(parts[-1]) if parts else None
    if last and (last == country(nation) or (nation is None and len(parts) > 2)):
        nation = nation or parts[-1]
        parts.pop()
    city, region = (*parts, None, None)[:2]
    return city, region, nation


def _key(text: str) -> str:
    """The form in which names are compared: ASCII, lower case, words only."""
    words = anyascii(text).lower().replace("&", " and ").replace("st.", "saint ")
    return " ".join("".join(char if char.isalnum() else " " for char in words).split())


@cache
def _countries() -> dict[str, str]:
    territories = Locale("en").territories
    named = {code: name for code, name in territories.items() if len(code) == 2 and code not in _NOT_COUNTRIES}
    return named | _NAMES


@cache
def _codes() -> dict[str, str]:
    """Every spelling that is understood, ISO codes of two and three letters included."""
    codes = {_key(name): code for code, name in _countries().items()}
    codes |= {code.lower(): code for code in _countries()}
    for alias, (code, *_) in get_global("territory_aliases").items():
        if len(alias) == 3 and alias.isalpha() and code in _countries():
            codes[alias.lower()] = code
    return codes | {spelling: code for code, spellings in _ALSO.items() for spelling in spellings}
