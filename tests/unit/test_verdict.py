"""What an address is worth (decision 15; sections 3 and 11 of the references)."""

import pytest

from openenrich.core.contact import EmailClaim
from openenrich.core.outcome import EmailStatus
from openenrich.core.verdict import Claim, DomainMail, judge

YES, PROBABLE, CATCH_ALL, UNKNOWN, NO = EmailClaim


def status(
    *claims: EmailClaim, domain: DomainMail = DomainMail.TAKES_MAIL, well_formed: bool = True
) -> EmailStatus | None:
    named = [Claim(f"vendor{number}", claim) for number, claim in enumerate(claims)]
    return judge(well_formed=well_formed, domain=domain, claims=named).status


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ((YES,), EmailStatus.DELIVERABLE),
        ((YES, YES), EmailStatus.DELIVERABLE),
        ((YES, UNKNOWN), EmailStatus.DELIVERABLE),
        ((YES, CATCH_ALL), EmailStatus.HIGH_PROBABILITY),
        ((PROBABLE,), EmailStatus.HIGH_PROBABILITY),
        ((CATCH_ALL,), EmailStatus.CATCH_ALL),
        ((CATCH_ALL, CATCH_ALL), EmailStatus.HIGH_PROBABILITY),
        ((NO,), EmailStatus.INVALID),
        ((YES, NO), None),
        ((YES, YES, NO), EmailStatus.HIGH_PROBABILITY),
        ((UNKNOWN,), None),
        ((), None),
    ],
)
def test_vendors_claims_are_weighed(claims: tuple[EmailClaim, ...], expected: EmailStatus | None):
    assert status(*claims) is expected


@pytest.mark.parametrize("domain", [DomainMail.NO_SUCH_DOMAIN, DomainMail.NULL_MX, DomainMail.NO_MAIL_HOST])
def test_a_domain_that_takes_no_mail_outweighs_every_claim(domain: DomainMail):
    assert status(YES, YES, domain=domain) is EmailStatus.INVALID_DOMAIN


def test_a_domain_that_could_not_be_looked_up_changes_nothing():
    assert status(YES, domain=DomainMail.UNKNOWN) is EmailStatus.DELIVERABLE


def test_what_is_not_an_address_is_invalid_whoever_names_it():
    assert status(YES, well_formed=False) is EmailStatus.INVALID


def test_one_vendor_has_one_voice_however_often_it_speaks():
    claims = [Claim("one", CATCH_ALL), Claim("one", CATCH_ALL)]
    assert judge(well_formed=True, domain=DomainMail.TAKES_MAIL, claims=claims).status is EmailStatus.CATCH_ALL


def test_every_verdict_says_why():
    for claim in EmailClaim:
        assert judge(well_formed=True, domain=DomainMail.TAKES_MAIL, claims=[Claim("one", claim)]).because
