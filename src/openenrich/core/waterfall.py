"""What to do next for a contact: a pure function of what is known.

`plan` looks at the contact, the wanted fields, all attempts so far and the vendors on offer, and says which
questions to ask now, which domains to look up first, and which fields are still open. The engine does that,
appends what came of it, and asks again, until nothing is left: every decision can be replayed from the journal.

It ends: each round either asks an (operation, vendor) pair that was never asked for this contact, of which
there are finitely many, or says that nothing is to be done.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from openenrich.core.choice import ranked_phones, status_of
from openenrich.core.contact import Contact, EmailKind, Field
from openenrich.core.evidence import (
    NO_CHECKS,
    Attempt,
    Checks,
    Domains,
    EmailEvidence,
    described,
    emails,
    mail_domain,
)
from openenrich.core.linkedin import company_handle, handle
from openenrich.core.merge import current_company
from openenrich.core.names import same_person
from openenrich.core.ordering import Offer, ranked
from openenrich.core.outcome import EmailStatus
from openenrich.core.phone import billable
from openenrich.core.profile import Profile
from openenrich.core.vendor import Found

_PAID_BY_OPERATOR = frozenset({Field.PROFILE, Field.COMPANY})


class Stop(StrEnum):
    """When the search for a work e-mail ends (decision 14)."""

    DELIVERABLE = "deliverable"
    ANY = "any"


class BuyProfile(StrEnum):
    """When a profile is bought for its own sake; one that comes along is always used."""

    WITH_LINKEDIN = "with_linkedin"
    ALWAYS = "always"
    NEVER = "never"


class BuyCompany(StrEnum):
    """When the employer's data is bought: where a profile is searched and says too little of it, or never."""

    WITH_PROFILE = "with_profile"
    NEVER = "never"


class Policy(msgspec.Struct, frozen=True):
    """The operator's choices. ``order`` names vendors per field, first to ask first.

    ``verify``: addresses are put before verifiers, our own or bought, before they are believed.
    """

    stop_work_email: Stop = Stop.DELIVERABLE
    buy_profile: BuyProfile = BuyProfile.WITH_LINKEDIN
    buy_company: BuyCompany = BuyCompany.WITH_PROFILE
    verify: bool = False
    order: Mapping[Field, tuple[str, ...]] = {}


class State(msgspec.Struct, frozen=True):
    """Everything a decision depends on. ``had`` are fields answered from history: they are not searched again."""

    contact: Contact
    wanted: frozenset[Field]
    attempts: tuple[Attempt, ...]
    offers: tuple[Offer, ...]
    policy: Policy
    domains: Domains
    had: frozenset[Field] = frozenset()
    checks: Checks = NO_CHECKS


class Question(msgspec.Struct, frozen=True):
    """An ask to make now. ``contact`` holds only what the vendor is told; ``fields`` are the ones it is for."""

    offer: Offer
    contact: Contact
    fields: frozenset[Field]


class Plan(msgspec.Struct, frozen=True):
    """``look_up`` are mail domains, ``check`` are addresses to find out about before addresses can be judged.

    ``open`` fields go on.
    """

    questions: tuple[Question, ...]
    look_up: tuple[str, ...]
    open: frozenset[Field]
    check: tuple[str, ...] = ()


def plan(state: State) -> Plan:
    """The next step. Nothing to ask, nothing to look up and nothing in the air means: done."""
    facts = _facts(state)
    look_up = _unknown_domains(state, facts)
    known = _learned(state, facts)
    open_fields = frozenset(field for field in searched(state) if not _settled(state, facts, field))
    check = _unchecked(state, facts) if not look_up else ()
    questions: dict[tuple[str, str], Question] = {}
    for field in sorted(open_fields, key=_turn):
        coming = _coming(state, questions)
        undecided = (look_up or check) and field in {Field.WORK_EMAIL, Field.PERSONAL_EMAIL}
        if undecided or _awaited(state, field, coming):
            continue
        question = _next_question(state, field, _employer(state, facts) if field is Field.COMPANY else known)
        if question is not None and not _comes_along(question.offer, field, coming):
            same = questions.get(question.offer.key)
            both = msgspec.structs.replace(same, fields=same.fields | question.fields) if same else question
            questions[question.offer.key] = both
        elif question is None and field is Field.COMPANY:
            open_fields -= {field}  # nobody can say more of the employer: no reason to wait for anything else
    return Plan(tuple(questions.values()), look_up, open_fields, check)


def _turn(field: Field) -> tuple[bool, bool, str]:
    """The profile after what callers pay for, the employer after the person: each may come along before."""
    return field is Field.COMPANY, field is Field.PROFILE, field


def searched(state: State) -> frozenset[Field]:
    """The fields to search: those wanted, less those that history has, and what policy buys beyond them."""
    profile = {
        BuyProfile.ALWAYS: True,
        BuyProfile.NEVER: False,
        BuyProfile.WITH_LINKEDIN: state.contact.linkedin_handle is not None,
    }[state.policy.buy_profile]
    company = profile and state.policy.buy_company is BuyCompany.WITH_PROFILE and Field.PROFILE not in state.had
    bought = ({Field.PROFILE} if profile else set()) | ({Field.COMPANY} if company else set())
    return (state.wanted | bought) - state.had


def settled(state: State, field: Field) -> bool:
    """Whether the field is answered well enough to stop asking (decision 14)."""
    return _settled(state, _facts(state), field)


def memorable(state: State, found: frozenset[Field]) -> frozenset[Field]:
    """The fields that answer the same person again at no cost: everything found, and a profile only when full.

    A miss is not remembered here. The journal remembers it per vendor: the next run asks nobody again who missed,
    but does ask vendors that were down or were not there yet (an error never becomes a miss, promise 5).
    """
    return frozenset(field for field in found if field is not Field.PROFILE or settled(state, field))


def learned(state: State) -> Contact:
    """The contact with what attempts taught us: a profile URL, a domain, a work e-mail open more vendors."""
    return _learned(state, _facts(state))


class _Facts(msgspec.Struct, frozen=True):
    """What the attempts say, gathered once for all questions of a step."""

    emails: tuple[EmailEvidence, ...]
    profile: Profile | None

    def addresses(self, kind: EmailKind) -> list[EmailEvidence]:
        return [item for item in self.emails if item.kind is kind]


def _facts(state: State) -> _Facts:
    return _Facts(
        emails=emails(state.contact, state.attempts, state.domains, state.checks),
        profile=described(state.contact, state.attempts),
    )


def _settled(state: State, facts: _Facts, field: Field) -> bool:
    match field:
        case Field.WORK_EMAIL:
            return any(_stops(item, state.policy) for item in facts.addresses(EmailKind.WORK))
        case Field.PERSONAL_EMAIL:
            return any((status := status_of(item)) and status.usable for item in facts.addresses(EmailKind.PERSONAL))
        case Field.PHONE:
            return any(billable(item.phone) for item in ranked_phones(state.attempts, facts.profile))
        case Field.PROFILE:
            return _is_full(facts.profile)
        case Field.COMPANY:
            return _is_told(state, facts)


def _learned(state: State, facts: _Facts) -> Contact:
    contact, profile = state.contact, facts.profile
    if profile is None or _is_somebody_else(contact, profile):
        return _with_email(contact, state, facts)
    company = current_company(profile)
    network = profile.social_profiles.professional_network if profile.social_profiles else None
    found_handle = handle(network.url) if network and network.url else None
    return _with_email(
        msgspec.structs.replace(
            contact,
            linkedin_handle=contact.linkedin_handle or found_handle,
            first_name=contact.first_name or profile.first_name,
            last_name=contact.last_name or profile.last_name,
            company_name=contact.company_name or (company.name if company else None),
            domain=contact.domain or (company.domain if company else None),
        ),
        state,
        facts,
    )


def _with_email(contact: Contact, state: State, facts: _Facts) -> Contact:
    best = next((item for item in facts.addresses(EmailKind.WORK) if _stops(item, state.policy)), None)
    return contact if best is None else msgspec.structs.replace(contact, work_email=best.address)


def _is_somebody_else(contact: Contact, profile: Profile) -> bool:
    """A profile of another name teaches nothing. Unknown is not different (promise 5)."""
    return same_person(contact.first_name, contact.last_name, profile.first_name, profile.last_name) is False


def _next_question(state: State, field: Field, known: Contact) -> Question | None:
    asked = {(attempt.vendor, attempt.operation) for attempt in state.attempts}
    heard = _heard(state, field)
    for offer in ranked(field, state.offers, state.policy.order.get(field, ())):
        if offer.key in asked or offer.vendor.name in heard:
            continue
        told = offer.operation.accepts(known)
        if told is not None:
            return Question(offer, told, frozenset({field}))
    return None


def _heard(state: State, field: Field) -> frozenset[str]:
    """Vendors that gave us their record of this person, with all they have for the field: not to be bought again."""
    gave = {(attempt.vendor, attempt.operation) for attempt in state.attempts if isinstance(attempt.reply, Found)}
    if not gave:
        return frozenset()
    return frozenset(
        offer.vendor.name
        for offer in state.offers
        if offer.key in gave and field in offer.operation.returns | offer.operation.also_returns
    )


def _coming(state: State, questions: Mapping[tuple[str, str], Question]) -> tuple[Offer, ...]:
    """The offers whose answers are in the air, those of this very step included."""
    in_the_air = {(attempt.vendor, attempt.operation) for attempt in state.attempts if attempt.in_flight}
    if not in_the_air and not questions:
        return ()
    return tuple(offer for offer in state.offers if offer.key in in_the_air or offer.key in questions)


def _awaited(state: State, field: Field, coming: Sequence[Offer]) -> bool:
    """An answer in the air may fill the field.

    For the profile and the company, which the operator pays alone, any answer that may bring one along is worth
    waiting for; who the employer is and what is missing of it is known only when the profile is.
    """
    asked = {(attempt.vendor, attempt.operation) for attempt in state.attempts}
    return any(
        (field in offer.operation.returns and offer.key in asked)
        or (field in _PAID_BY_OPERATOR and field in offer.operation.also_returns)
        or (field is Field.COMPANY and Field.PROFILE in offer.operation.returns | offer.operation.also_returns)
        for offer in coming
    )


def _comes_along(offer: Offer, field: Field, coming: Sequence[Offer]) -> bool:
    """The same vendor's record of this person is on its way and may have the field: not to be bought twice."""
    return any(
        other.vendor.name == offer.vendor.name and other.key != offer.key and field in other.operation.also_returns
        for other in coming
    )


def _unknown_domains(state: State, facts: _Facts) -> tuple[str, ...]:
    hosts = (mail_domain(item.address) for item in facts.emails)
    return tuple(dict.fromkeys(host for host in hosts if host is not None and host not in state.domains))


def _unchecked(state: State, facts: _Facts) -> tuple[str, ...]:
    """Addresses to put before verifiers: any that could still end a search. A claim alone ends none (decision 15)."""
    if not state.policy.verify:
        return ()
    wanted = searched(state)
    unchecked: list[str] = []
    for field, kind in ((Field.WORK_EMAIL, EmailKind.WORK), (Field.PERSONAL_EMAIL, EmailKind.PERSONAL)):
        known = facts.addresses(kind) if field in wanted else []
        if not any(item.address in state.checks and _stops(item, state.policy) for item in known):
            unchecked += [item.address for item in known if item.address not in state.checks and not _is_hopeless(item)]
    return tuple(unchecked)


def _is_hopeless(item: EmailEvidence) -> bool:
    """Nothing that a verifier says could make it a usable address."""
    refused = {EmailStatus.INVALID_DOMAIN, EmailStatus.INVALID}
    return item.verdict.status in refused


def _stops(item: EmailEvidence, policy: Policy) -> bool:
    """An address at another company than the one asked for is kept, but the search goes on."""
    if item.verdict.status is None or not item.at_company:
        return False
    if policy.stop_work_email is Stop.ANY:
        return item.verdict.status.usable
    return item.verdict.status is EmailStatus.DELIVERABLE


def _is_full(profile: Profile | None) -> bool:
    """A current position with its company, and a place or a history: what the seed calls a full profile."""
    if profile is None or profile.employment is None or profile.employment.current is None:
        return False
    current = profile.employment.current
    named = current.title is not None and current.company is not None and current.company.name is not None
    history = len(profile.employment.all or ()) > 1 or bool(profile.educations)
    return named and (history or profile.location is not None)


def _is_told(state: State, facts: _Facts) -> bool:
    """Whether nothing is left to learn of the employer: all there is, or nobody knows who that is."""
    company = current_company(facts.profile)
    if company is None:
        return Field.PROFILE not in searched(state) or _is_full(facts.profile)
    size = company.headcount or company.headcount_range
    return bool(company.name and company.domain and size and company.industry)


def _employer(state: State, facts: _Facts) -> Contact:
    """What a vendor of company data is told: the employer that the person's own profile names, never the person."""
    strange = facts.profile is not None and _is_somebody_else(state.contact, facts.profile)
    company = None if strange else current_company(facts.profile)
    network = company.social_profiles.professional_network if company and company.social_profiles else None
    return Contact(
        domain=company.domain if company else None,
        company_name=company.name if company else None,
        company_handle=company_handle(network.url) if network and network.url else None,
    )
