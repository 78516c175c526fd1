"""Reads a phone number as a vendor wrote it and decides what it is: where, which kind of line, worth money or not.

The numbering plan (the ``phonenumbers`` library) outranks a vendor wherever the plan is unambiguous. A number that
the plan does not know is no number: ``None``. Whether a line is alive is only ever a vendor's word; which of
several numbers wins is for ``core/choice.py``.
"""

import re
from typing import Final, Literal

import msgspec
import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from openenrich.core.contact import LineStatus, LineType, PhoneFound

PhoneStyle = Literal["international", "e164"]

# Ranges that regulators keep free for films and examples. The numbering plan calls them unassigned, but test
# contacts and the sandbox live there, because a number in them can ring at nobody's.
_FICTIONAL: Final[tuple[tuple[re.Pattern[str], str, LineType], ...]] = (
    (re.compile(r"\+447700900\d{3}"), "GB", LineType.MOBILE),
    (re.compile(r"\+441632960\d{3}"), "GB", LineType.LANDLINE),
    (re.compile(r"\+3363998\d{4}"), "FR", LineType.MOBILE),
)

_NOT_A_COUNTRY: Final = "001"  # satellite and international freephone numbers: nobody's mobile in any country


class Phone(msgspec.Struct, frozen=True, omit_defaults=True):
    """A valid number. ``number`` is the international form with spaces, ``region`` the ISO code of the number.

    ``may_be_mobile`` is true for mobiles and where the plan cannot tell a mobile from a fixed line (``+1``).
    """

    number: str
    e164: str
    region: str
    line_type: LineType = LineType.UNKNOWN
    may_be_mobile: bool = False
    status: LineStatus = LineStatus.UNKNOWN


def read_phone(found: PhoneFound, country: str | None) -> Phone | None:
    """The number, read with the vendor's country hint first and the person's country second."""
    for hint in dict.fromkeys((_region_hint(found.country), _region_hint(country))):
        phone = _read(found, hint)
        if phone is not None:
            return phone
    return None


def billable(phone: Phone) -> bool:
    """A mobile, or possibly one, that is not known to be dead (section 4 of the API)."""
    return phone.may_be_mobile and phone.status is not LineStatus.INACTIVE


def format_number(phone: Phone, style: PhoneStyle) -> str:
    """The spelling that the setting ``api.phone_format`` asks for."""
    return phone.e164 if style == "e164" else phone.number


def _region_hint(country: str | None) -> str | None:
    code = (country or "").strip().upper()
    code = {"UK": "GB"}.get(code, code)
    return code if code in phonenumbers.SUPPORTED_REGIONS else None


def _read(found: PhoneFound, hint: str | None) -> Phone | None:
    number = _parse(found.number, hint)
    if number is None:
        return None
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    place = _fictional(e164) or _place(number, found.line_type)
    if place is None:
        return None
    region, line_type, may_be_mobile = place
    return Phone(
        number=phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        e164=e164,
        region=region,
        line_type=line_type,
        may_be_mobile=may_be_mobile,
        status=found.line_status,
    )


def _parse(text: str, hint: str | None) -> PhoneNumber | None:
    # "00" is how most of the world dials abroad; without a country hint the library cannot know that.
    text = re.sub(r"^\s*00(?=[\s(-]*[1-9])", "+", text)
    try:
        number = phonenumbers.parse(text, hint)
    except phonenumbers.NumberParseException:
        return None
    number.extension = None  # an office extension is no part of the line, and would end up in the formatted number
    return number


def _fictional(e164: str) -> tuple[str, LineType, bool] | None:
    for pattern, region, line_type in _FICTIONAL:
        if pattern.fullmatch(e164):
            return region, line_type, line_type is LineType.MOBILE
    return None


def _place(number: PhoneNumber, claimed: LineType) -> tuple[str, LineType, bool] | None:
    """Region, line type and whether it may be a mobile; ``None`` for a number outside every plan."""
    if not phonenumbers.is_valid_number(number):
        return None
    region = phonenumbers.region_code_for_number(number)
    if region is None or region == _NOT_A_COUNTRY:
        return None
    return region, *_line(phonenumbers.number_type(number), claimed)


def _line(plan: int, claimed: LineType) -> tuple[LineType, bool]:
    if plan == PhoneNumberType.MOBILE:
        return LineType.MOBILE, True
    if plan == PhoneNumberType.VOIP:
        return LineType.VOIP, False
    if plan == PhoneNumberType.FIXED_LINE_OR_MOBILE:
        return claimed, claimed in {LineType.MOBILE, LineType.UNKNOWN}
    # Fixed, toll-free, premium, shared-cost, pager: a vendor's "mobile" is an error, its "VoIP" may well be right.
    return (LineType.VOIP if claimed is LineType.VOIP else LineType.LANDLINE), False
