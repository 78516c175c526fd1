"""Upcell: a mobile by profile, a verified address by name and domain, a profile by what is known of somebody."""

from typing import Final

from openenrich.sandbox.coverage import Claim
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Refusals, Route, full_name_of, header_key, text
from openenrich.sandbox.people import Person


def _message(status: int, words: str) -> Answer:
    return Answer({"message": words}, status)


def contact(call: Call) -> Answer:
    """POST /enrich/contact."""
    profile = text(call.body, "linkedinUrl")
    if not profile:
        return _message(400, "linkedinUrl is required")
    person = call.world.by_linkedin(profile)
    number = call.knows(person).phone if person else None
    call.bill("mobile", profile, credits_billed=5 * CREDIT if number else 0)
    return Answer({"contact": {"mobilePhone": number} if person else None})


def email(call: Call) -> Answer:
    """POST /enrich/email, in either spelling."""
    name = full_name_of(call.body, "firstName", "lastName") or full_name_of(call.body)
    domain = text(call.body, "companyDomain", "company_domain")
    if not (name and "." in domain):
        return _message(400, "firstName, lastName and companyDomain are required")
    person = call.world.by_name(name, domain)
    known = call.knows(person) if person else None
    address = known.email if known else None
    call.bill("email", name, domain, credits_billed=CREDIT if address else 0)
    verified = known is not None and address is not None and known.claim is Claim.VALID
    return Answer({"email": address, "verified": verified})


def social_url(call: Call) -> Answer:
    """POST /enrich/socialurl."""
    address, name = text(call.body, "email"), full_name_of(call.body)
    company = text(call.body, "company_domain", "company_name")
    if not (address or (name and company)):
        return _message(400, "email, or a name and a company are required")
    person = _known(call, call.world.by_email(address) if address else call.world.by_name(name, company))
    call.bill("socialurl", address, name, company, credits_billed=CREDIT if person else 0)
    return Answer({"socialUrl": person.linkedin_url if person else None})


def _known(call: Call, person: Person | None) -> Person | None:
    return person if person and call.knows(person).profile else None


DESK: Final = Desk(
    name="upcell",
    version="/v1",
    credit_price=100_000,
    routes=(
        Route("POST", "/enrich/contact", contact),
        Route("POST", "/enrich/email", email),
        Route("POST", "/enrich/socialurl", social_url),
    ),
    key_of=header_key("Authorization"),
    refusals=Refusals(
        bad_key=_message(401, "Unauthorized"),
        no_credit=_message(402, "Payment required"),
        rate_limited=lambda wait: Answer({"message": "Too many requests"}, 429, {"Retry-After": str(wait)}),
        invalid=_message(400, "The body could not be read"),
        unavailable=_message(500, "Internal error"),
    ),
)
