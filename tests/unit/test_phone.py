"""What a number is, as the numbering plan and the vendor say together (sections 4, 6.3 and 11.2)."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.contact import LineStatus, LineType, PhoneFound
from openenrich.core.phone import Phone, billable, format_number, read_phone

MOBILE, LANDLINE, VOIP, UNKNOWN = LineType.MOBILE, LineType.LANDLINE, LineType.VOIP, LineType.UNKNOWN


def read(number: str, claimed: LineType = UNKNOWN, hint: str | None = None, country: str | None = None) -> Phone:
    phone = read_phone(PhoneFound(number, line_type=claimed, country=hint), country)
    assert phone is not None
    return phone


@pytest.mark.parametrize(
    ("number", "hint", "country", "expected"),
    [
        ("+44 7700 900123", None, None, "+44 7700 900123"),
        ("+44 (0) 7700-900123", None, None, "+44 7700 900123"),
        ("0044 7700 900123", None, None, "+44 7700 900123"),
        ("tel:+447700900123", None, None, "+44 7700 900123"),
        ("07700 900123", "GB", None, "+44 7700 900123"),
        ("07700 900123", "uk", None, "+44 7700 900123"),
        ("07700 900123", None, "gb", "+44 7700 900123"),
        ("07700 900123", "not a country", "GB", "+44 7700 900123"),
        ("07700 900123", "US", "GB", "+44 7700 900123"),
        ("447700900123", "GB", None, "+44 7700 900123"),
        ("06 39 98 12 34", "FR", None, "+33 6 39 98 12 34"),
        ("+33639981234", "US", "US", "+33 6 39 98 12 34"),
        ("(415) 555-0123", "US", None, "+1 415-555-0123"),
        ("+1 415 555 0123 ext. 12", None, None, "+1 415-555-0123"),
        ("+49 176 04069000", None, None, "+49 176 04069000"),
    ],
)
def test_a_number_is_read_in_its_own_form_or_with_a_hint(
    number: str, hint: str | None, country: str | None, expected: str
) -> None:
    phone = read(number, hint=hint, country=country)
    assert phone.number == expected
    assert phone.e164 == "+" + "".join(digit for digit in expected if digit.isdigit())


@pytest.mark.parametrize(
    "number",
    [
        "",
        "n/a",
        "12",
        "07700 900123",
        "+44 12",
        "+999 123456789",
        "+33 1",
        "+800 1234 5678",
        "call me",
        "+447700900123456",
    ],
)
def test_what_no_numbering_plan_knows_is_no_number(number: str) -> None:
    assert read_phone(PhoneFound(number), None) is None


@pytest.mark.parametrize(
    ("number", "region"),
    [
        ("+14155550123", "US"),
        ("+14165550123", "CA"),
        ("+17875550123", "PR"),
        ("+18765550123", "JM"),
        ("+447700900123", "GB"),
        ("+33639981234", "FR"),
        ("+46701740605", "SE"),
    ],
)
def test_the_region_is_the_one_of_the_number(number: str, region: str) -> None:
    assert read(number, country="DE").region == region


@pytest.mark.parametrize(
    ("number", "claimed", "line_type", "may_be_mobile"),
    [
        # +1: the plan cannot tell, the vendor's word decides
        ("+14155550123", MOBILE, MOBILE, True),
        ("+14155550123", LANDLINE, LANDLINE, False),
        ("+14155550123", VOIP, VOIP, False),
        ("+14155550123", UNKNOWN, UNKNOWN, True),
        # the plan says mobile and wins
        ("+447700900123", LANDLINE, MOBILE, True),
        ("+4917604069000", UNKNOWN, MOBILE, True),
        ("+4917604069000", VOIP, MOBILE, True),
        # the plan says fixed and wins over "mobile", but cannot see VoIP
        ("+442079460123", MOBILE, LANDLINE, False),
        ("+442079460123", UNKNOWN, LANDLINE, False),
        ("+442079460123", VOIP, VOIP, False),
        ("+441632960123", MOBILE, LANDLINE, False),
        # never a person's mobile
        ("+18005550123", MOBILE, LANDLINE, False),
        ("+447012345678", MOBILE, LANDLINE, False),
        ("+445600123456", MOBILE, VOIP, False),
    ],
)
def test_plan_and_vendor_together_decide_the_kind_of_line(
    number: str, claimed: LineType, line_type: LineType, *, may_be_mobile: bool
) -> None:
    phone = read(number, claimed)
    assert (phone.line_type, phone.may_be_mobile) == (line_type, may_be_mobile)


@pytest.mark.parametrize(
    ("number", "claimed", "status", "expected"),
    [
        ("+447700900123", UNKNOWN, LineStatus.ACTIVE, True),
        ("+447700900123", UNKNOWN, LineStatus.UNKNOWN, True),
        ("+447700900123", UNKNOWN, LineStatus.INACTIVE, False),
        ("+14155550123", UNKNOWN, LineStatus.UNKNOWN, True),
        ("+14155550123", VOIP, LineStatus.ACTIVE, False),
        ("+442079460123", MOBILE, LineStatus.ACTIVE, False),
    ],
)
def test_only_a_possible_mobile_that_is_not_dead_is_billable(
    number: str, claimed: LineType, status: LineStatus, *, expected: bool
) -> None:
    phone = read_phone(PhoneFound(number, line_type=claimed, line_status=status), None)
    assert phone is not None
    assert phone.status is status
    assert billable(phone) is expected


def test_the_setting_chooses_the_spelling() -> None:
    phone = read("+447700900123")
    assert format_number(phone, "international") == "+44 7700 900123"
    assert format_number(phone, "e164") == "+447700900123"


def test_a_phone_survives_the_store() -> None:
    phone = read("+447700900123")
    assert msgspec.json.decode(msgspec.json.encode(phone), type=Phone) == phone


@given(st.from_regex(r"\+(1[2-9]\d{9}|44\d{9,10}|33\d{9}|49\d{8,11})", fullmatch=True), st.sampled_from(LineType))
def test_reading_the_formatted_number_gives_the_same_phone(number: str, claimed: LineType) -> None:
    phone = read_phone(PhoneFound(number, line_type=claimed), None)
    if phone is not None:
        assert read(phone.number, claimed) == phone
        assert read(phone.e164, claimed) == phone
        assert not (phone.line_type in {LANDLINE, VOIP} and phone.may_be_mobile)


@given(st.text(), st.none() | st.text(max_size=3))
def test_no_text_makes_it_stumble(number: str, country: str | None) -> None:
    read_phone(PhoneFound(number, country=country), country)
