"""Which value wins (sections 6.3 and 11 of the API specification)."""

from openenrich.core.choice import Choice, choose
from openenrich.core.contact import EmailClaim, EmailKind, Field, LineType
from openenrich.core.evidence import Attempt
from openenrich.core.outcome import EmailStatus
from openenrich.core.verdict import DomainMail
from unit.waterfalls import ADA, MAIL, described, email, full_profile, phone

ALL = frozenset({Field.WORK_EMAIL, Field.PERSONAL_EMAIL, Field.PHONE})


def chosen(*attempts: Attempt, wanted: frozenset[Field] = ALL, domains: dict[str, DomainMail] | None = None) -> Choice:
    return choose(ADA, wanted, attempts, domains or MAIL)


def test_the_address_with_the_lowest_bounce_risk_wins_whoever_came_first():
    choice = chosen(email("one", "a@north.test", EmailClaim.CATCH_ALL), email("two", "b@north.test"))
    assert choice.outcome.best_work_email is not None
    assert choice.outcome.best_work_email.email == "b@north.test"
    assert choice.won[Field.WORK_EMAIL] == "two"


def test_on_a_tie_the_address_at_the_domain_that_was_asked_for_wins():
    choice = chosen(email("one", "ada@elsewhere.test"), email("two", "ada@north.test"))
    assert [found.email for found in choice.outcome.work_emails] == ["ada@north.test", "ada@elsewhere.test"]


def test_an_invalid_address_is_listed_but_never_wins():
    outcome = chosen(email("one", claim=EmailClaim.INVALID)).outcome
    assert [found.status for found in outcome.work_emails] == [EmailStatus.INVALID]
    assert outcome.best_work_email is None


def test_an_unknown_address_is_neither_shown_nor_sold_nor_called_invalid():
    outcome = chosen(email("one", claim=EmailClaim.UNKNOWN)).outcome
    assert (outcome.work_emails, outcome.best_work_email) == ((), None)


def test_a_mailbox_at_a_free_mail_host_is_personal_whatever_the_vendor_calls_it():
    outcome = chosen(email("one", "ada@freemail.test")).outcome
    assert (len(outcome.work_emails), len(outcome.personal_emails)) == (0, 1)


def test_a_personal_address_nobody_doubts_is_probable():
    outcome = chosen(email("one", "ada@freemail.test", EmailClaim.UNKNOWN, EmailKind.PERSONAL)).outcome
    assert outcome.best_personal_email is not None
    assert outcome.best_personal_email.status is EmailStatus.HIGH_PROBABILITY


def test_one_address_named_by_two_vendors_is_listed_once():
    choice = chosen(email("one", "Ada.Sample@north.test"), email("two", "ada.sample@NORTH.test"))
    assert len(choice.outcome.work_emails) == 1


def test_a_mobile_comes_before_a_landline_and_is_the_one_that_wins():
    outcome = chosen(phone("one", "+33 1 99 00 12 34"), phone("two", "+33 6 39 98 12 34")).outcome
    assert [number.line_type for number in outcome.phones] == [LineType.MOBILE, LineType.LANDLINE]
    assert outcome.best_phone == outcome.phones[0]


def test_a_landline_alone_is_listed_and_never_wins():
    outcome = chosen(phone("one", "+33 1 99 00 12 34")).outcome
    assert len(outcome.phones) == 1
    assert outcome.best_phone is None


def test_the_number_that_two_vendors_name_beats_the_one_that_one_names():
    choice = chosen(phone("a", "+33 6 39 98 00 01"), phone("b", "+33 6 39 98 00 02"), phone("c", "+33639980002"))
    assert choice.outcome.best_phone is not None
    assert choice.outcome.best_phone.e164 == "+33639980002"


def test_the_persons_own_country_breaks_a_tie():
    numbers = (phone("a", "+44 7700 900123"), phone("b", "+33 6 39 98 00 02"))
    choice = chosen(*numbers, described("c", full_profile()))
    assert choice.outcome.best_phone is not None
    assert choice.outcome.best_phone.region == "FR"


def test_kinds_that_were_not_wanted_are_not_shown():
    outcome = chosen(email("one"), phone("two", "+33 6 39 98 12 34"), wanted=frozenset({Field.WORK_EMAIL})).outcome
    assert (outcome.phones, outcome.best_phone) == ((), None)


def test_every_winner_has_a_vendor_and_a_reason():
    choice = chosen(email("one"), phone("two", "+33 6 39 98 12 34"), described("three", full_profile()))
    assert set(choice.won) == set(choice.because) == {Field.WORK_EMAIL, Field.PHONE, Field.PROFILE}
