"""The employer's own data: when it is asked for, what is told for it, and what becomes of the answers."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from openenrich.core.choice import Choice, choose
from openenrich.core.company import company_network
from openenrich.core.contact import Contact, EmailClaim, EmailFound, Field, Known, LineType, Values
from openenrich.core.evidence import Attempt, described
from openenrich.core.merge import current_company, merge_profiles, with_employer
from openenrich.core.ordering import Offer
from openenrich.core.outcome import Outcome
from openenrich.core.profile import (
    Company,
    Employment,
    Employments,
    Industry,
    Network,
    Profile,
    SocialProfiles,
)
from openenrich.core.vendor import Found, NotFound, Reason, Refused, Reply
from openenrich.core.waterfall import (
    BuyCompany,
    BuyProfile,
    Plan,
    Policy,
    Question,
    State,
    memorable,
    plan,
    searched,
    settled,
)
from unit.test_merge import companies as any_company
from unit.test_merge import profiles as any_profile
from unit.waterfalls import BY_PROFILE, MAIL, email, full_profile, offer, phone, state
from unit.waterfalls import described as profiled

WORK, PHONE, PROFILE, COMPANY = Field.WORK_EMAIL, Field.PHONE, Field.PROFILE, Field.COMPANY
LINKED = Contact(first_name="Ada", last_name="Sample", linkedin_handle="ada-sample", work_email="ada@north.test")
BY_DOMAIN = frozenset({Known.DOMAIN})
BY_COMPANY_NAME = frozenset({Known.COMPANY_NAME})
BY_COMPANY_PAGE = frozenset({Known.COMPANY_LINKEDIN})
PEOPLE = offer("people", PROFILE)
FIRMS = offer("firms", COMPANY, needs=(BY_DOMAIN, BY_COMPANY_NAME))
DEAR_FIRMS = offer("dear_firms", COMPANY, cents=9, needs=(BY_DOMAIN,))
KNOWN_BY_NAME = Company(name="North", domain="north.test")
TOLD = Company(
    name="North Industries",
    domain="north.test",
    headcount=72,
    headcount_range="51-200",
    industry=Industry("Machinery"),
    website="https://north.test",
)
"""What a vendor of company data says of the employer of `full_profile`."""


def firm(company: Company = TOLD, vendor: str = "firms") -> Attempt:
    return Attempt(vendor, "find", Found(Values(company=company)))


def employed(company: Company | None, **changes: object) -> Profile:
    """A full profile with that employer."""
    current = Employment(title="Head of Supply", is_current=True, company=company)
    profile: Profile = replace(full_profile(), employment=Employments(current=current, all=(current,)), **changes)
    return profile


def asked(step: Plan) -> list[str]:
    return sorted(question.offer.vendor.name for question in step.questions)


def linked(*attempts: Attempt, offers: tuple[Offer, ...] = (PEOPLE, FIRMS), **more: object) -> State:
    """A contact with a profile URL whose work address is wanted and known: what is left is what policy buys."""
    return state(*attempts, email("mail"), contact=LINKED, offers=offers, **more)  # type: ignore[arg-type]  # as given


class TestWhenItIsAskedFor:
    def test_not_before_the_profile(self) -> None:
        assert asked(plan(linked())) == ["people"]

    def test_not_while_a_profile_is_in_the_air(self) -> None:
        assert asked(plan(linked(Attempt("people", "find")))) == []

    def test_not_while_an_answer_that_may_bring_a_profile_is_in_the_air(self) -> None:
        mobiles = offer("mobiles", PHONE, also=frozenset({PROFILE}))
        thin = profiled("people", employed(KNOWN_BY_NAME, location=None))
        waiting = linked(thin, Attempt("mobiles", "find"), offers=(PEOPLE, FIRMS, mobiles), wanted=(PHONE,))
        assert asked(plan(waiting)) == []

    def test_not_while_an_answer_that_may_bring_the_company_along_is_in_the_air(self) -> None:
        mobiles = offer("mobiles", PHONE, also=frozenset({COMPANY}))
        known = profiled("people", full_profile())
        offers = (PEOPLE, FIRMS, mobiles)
        assert asked(plan(linked(known, Attempt("mobiles", "find"), offers=offers, wanted=(PHONE,)))) == []
        after = linked(known, Attempt("mobiles", "find", NotFound()), offers=offers, wanted=(PHONE,))
        assert asked(plan(after)) == ["firms"]

    def test_once_the_profile_names_an_employer(self) -> None:
        step = plan(linked(profiled("people", full_profile())))
        assert asked(step) == ["firms"]
        assert step.questions[0].fields == {COMPANY}

    def test_a_profile_that_came_along_with_an_answer_is_enough(self) -> None:
        assert asked(plan(linked(profiled("mobiles", full_profile()), offers=(PEOPLE, FIRMS)))) == ["firms"]

    def test_also_when_the_profile_stays_thin_and_nobody_is_left_to_describe_the_person(self) -> None:
        thin = employed(KNOWN_BY_NAME, location=None)
        other = offer("others", PROFILE, cents=2)
        assert asked(plan(linked(profiled("people", thin), offers=(PEOPLE, other, FIRMS)))) == ["others"]
        exhausted = linked(
            profiled("people", thin), Attempt("others", "find", NotFound()), offers=(PEOPLE, other, FIRMS)
        )
        assert asked(plan(exhausted)) == ["firms"]

    @pytest.mark.parametrize("reply", [NotFound(), Refused(Reason.UNAVAILABLE), Refused(Reason.NO_CREDIT)])
    def test_after_a_miss_or_an_outage_the_next_vendor_is_asked(self, reply: Reply) -> None:
        attempts = profiled("people", full_profile()), Attempt("firms", "find", reply)
        assert asked(plan(linked(*attempts, offers=(PEOPLE, FIRMS, DEAR_FIRMS)))) == ["dear_firms"]

    def test_the_operators_own_order_comes_before_cost(self) -> None:
        policy = Policy(order={COMPANY: ("dear_firms",)})
        offers = (PEOPLE, FIRMS, DEAR_FIRMS)
        assert asked(plan(linked(profiled("people", full_profile()), offers=offers, policy=policy))) == ["dear_firms"]

    def test_an_answer_that_leaves_gaps_is_completed_by_the_next_vendor(self) -> None:
        gaps = firm(replace(TOLD, headcount=None, headcount_range=None))
        attempts = profiled("people", full_profile()), gaps
        assert asked(plan(linked(*attempts, offers=(PEOPLE, FIRMS, DEAR_FIRMS)))) == ["dear_firms"]


class TestWhenItIsNotAskedFor:
    @pytest.mark.parametrize(
        "company",
        [
            TOLD,
            replace(TOLD, headcount_range=None),
            replace(TOLD, headcount=None),
            replace(TOLD, website=None),
        ],
    )
    def test_where_the_profile_says_enough(self, company: Company) -> None:
        known = linked(profiled("people", employed(company)))
        assert (asked(plan(known)), settled(known, COMPANY)) == ([], True)

    @pytest.mark.parametrize(
        "company",
        [
            replace(TOLD, name=None),
            replace(TOLD, domain=None),
            replace(TOLD, industry=None),
            replace(TOLD, headcount=None, headcount_range=None),
        ],
    )
    def test_but_where_any_of_name_domain_size_and_industry_is_missing_it_is(self, company: Company) -> None:
        known = linked(profiled("people", employed(company)))
        assert (asked(plan(known)), settled(known, COMPANY)) == (["firms"], False)

    def test_where_an_answer_has_closed_the_gaps(self) -> None:
        known = linked(profiled("people", full_profile()), firm(), offers=(PEOPLE, FIRMS, DEAR_FIRMS))
        assert (asked(plan(known)), COMPANY in plan(known).open) == ([], False)

    def test_where_policy_never_buys_it(self) -> None:
        never = Policy(buy_company=BuyCompany.NEVER)
        known = linked(profiled("people", full_profile()), policy=never)
        assert (asked(plan(known)), COMPANY in searched(known)) == ([], False)

    def test_where_no_profile_is_searched(self) -> None:
        known = state(profiled("mail", full_profile()), email("mail"), offers=(PEOPLE, FIRMS))
        assert (asked(plan(known)), COMPANY in searched(known)) == ([], False)
        never = Policy(buy_profile=BuyProfile.NEVER)
        assert asked(plan(linked(profiled("mobiles", full_profile()), policy=never))) == []

    def test_unless_profiles_are_always_bought(self) -> None:
        always = Policy(buy_profile=BuyProfile.ALWAYS)
        known = state(profiled("mail", full_profile()), email("mail"), offers=(PEOPLE, FIRMS), policy=always)
        assert asked(plan(known)) == ["firms"]

    def test_where_nobody_knows_the_employer(self) -> None:
        nobody = linked(Attempt("people", "find", NotFound()))
        jobless = linked(profiled("people", employed(None)))
        assert (asked(plan(nobody)), asked(plan(jobless))) == ([], [])

    def test_for_the_employer_of_somebody_else(self) -> None:
        other = replace(full_profile("Elsewhere"), first_name="Boris", last_name="Other")
        assert asked(plan(linked(profiled("people", other)))) == []

    def test_from_a_vendor_whose_answer_already_had_all_it_knows_of_the_company(self) -> None:
        mails = offer("both", WORK, also=frozenset({COMPANY}), operation="mail")
        firms = offer("both", COMPANY, needs=(BY_DOMAIN,), operation="firm")
        gave = Attempt("both", "mail", email("both").reply)
        known = linked(profiled("people", full_profile()), gave, offers=(PEOPLE, mails, firms))
        assert asked(plan(known)) == []

    def test_where_history_has_the_profile(self) -> None:
        again = linked(had=frozenset({PROFILE}))
        assert (searched(again), asked(plan(again))) == (frozenset({WORK}), [])


def told(*attempts: Attempt, needs: tuple[frozenset[Known], ...]) -> Contact | None:
    """What a vendor with these needs is told of the employer."""
    known = linked(*attempts, offers=(PEOPLE, offer("firms", COMPANY, needs=needs)))
    questions = plan(known).questions
    assert all(question.fields == {COMPANY} for question in questions)
    return questions[0].contact if questions else None


PAGE = replace(KNOWN_BY_NAME, social_profiles=company_network("north-industries"))


class TestWhatIsToldForIt:
    @pytest.mark.parametrize(
        ("needs", "expected"),
        [
            (BY_DOMAIN, Contact(domain="north.test")),
            (BY_COMPANY_NAME, Contact(company_name="North")),
            (BY_COMPANY_PAGE, Contact(company_handle="north-industries")),
            (BY_DOMAIN | BY_COMPANY_NAME, Contact(domain="north.test", company_name="North")),
        ],
    )
    def test_domain_name_or_page_of_the_employer_as_the_vendor_needs_them(
        self, needs: frozenset[Known], expected: Contact
    ) -> None:
        assert told(profiled("people", employed(PAGE)), needs=(needs,)) == expected

    @pytest.mark.parametrize("needs", [{Known.FIRST_NAME}, {Known.LAST_NAME}, {Known.LINKEDIN}, {Known.WORK_EMAIL}])
    def test_nothing_of_the_person_even_to_a_vendor_that_needs_it(self, needs: set[Known]) -> None:
        known = profiled("people", employed(PAGE))
        assert told(known, needs=(frozenset(needs),)) is None
        assert told(known, needs=(frozenset(needs) | BY_DOMAIN,)) is None

    def test_nothing_of_the_person_to_a_vendor_that_could_be_told(self) -> None:
        curious = replace(FIRMS, operation=dataclasses.replace(FIRMS.operation, optional=frozenset(Known)))
        [question] = plan(linked(profiled("people", employed(PAGE)), offers=(PEOPLE, curious))).questions
        assert question.contact.known() == BY_DOMAIN | BY_COMPANY_NAME | BY_COMPANY_PAGE

    def test_the_employer_that_the_profile_names_and_not_the_one_that_the_caller_gave(self) -> None:
        moved = profiled("people", employed(Company(name="South", domain="south.test")))
        known = state(moved, email("mail"), contact=replace(LINKED, domain="north.test"), offers=(PEOPLE, FIRMS))
        assert [question.contact for question in plan(known).questions] == [Contact(domain="south.test")]

    def test_a_vendor_that_needs_what_is_not_known_is_passed_by_for_the_next(self) -> None:
        known = linked(
            profiled("people", employed(Company(name="North"))),
            offers=(
                PEOPLE,
                offer("cheap", COMPANY, needs=(BY_DOMAIN,)),
                offer("dear", COMPANY, needs=(BY_COMPANY_NAME,)),
            ),
        )
        assert [question.contact for question in plan(known).questions] == [Contact(company_name="North")]

    def test_what_one_answer_teaches_opens_the_next_vendor(self) -> None:
        offers = (
            PEOPLE,
            offer("by_name", COMPANY, needs=(BY_COMPANY_NAME,)),
            offer("by_page", COMPANY, cents=5, needs=(BY_COMPANY_PAGE,)),
        )
        page = firm(Company(name="North", social_profiles=company_network("north-industries")), "by_name")
        known = linked(profiled("people", employed(Company(name="North"))), page, offers=offers)
        assert [question.contact for question in plan(known).questions] == [Contact(company_handle="north-industries")]

    def test_one_question_for_the_person_and_the_employer_still_tells_of_the_person(self) -> None:
        both = offer("both", PHONE, COMPANY, needs=(BY_PROFILE, BY_DOMAIN))
        known = linked(profiled("people", full_profile()), offers=(PEOPLE, both), wanted=(PHONE,))
        [question] = plan(known).questions
        assert question.contact == Contact(linkedin_handle="ada-sample")
        assert question.fields == {PHONE, COMPANY}


def chosen(*attempts: Attempt) -> Choice:
    return choose(LINKED, frozenset({WORK}), attempts, MAIL)


def employer(*attempts: Attempt) -> Company:
    company = current_company(described(LINKED, attempts))
    assert company is not None
    return company


class TestWhatBecomesOfTheAnswers:
    def test_gaps_are_closed(self) -> None:
        found = employer(profiled("people", full_profile()), firm())
        assert (found.headcount, found.headcount_range, found.industry) == (72, "51-200", Industry("Machinery"))
        assert found.website == "https://north.test"

    def test_and_nothing_else_is_changed(self) -> None:
        profile = described(LINKED, (profiled("people", employed(replace(TOLD, website=None, headcount=80))),))
        shown = described(LINKED, (profiled("people", employed(replace(TOLD, website=None, headcount=80))), firm()))
        assert profile is not None
        assert shown is not None
        before, after = current_company(profile), current_company(shown)
        assert before is not None
        assert after == replace(before, website=TOLD.website)
        assert replace(shown, employment=None) == replace(profile, employment=None)

    def test_the_name_that_the_person_gives_the_employer_stays(self) -> None:
        assert employer(profiled("people", full_profile()), firm()).name == "North"

    def test_the_position_stays_the_only_one(self) -> None:
        shown = described(LINKED, (profiled("people", full_profile()), firm()))
        assert shown is not None
        assert shown.employment is not None
        assert shown.employment.all == (shown.employment.current,)
        assert shown.employment.all[0].title == "Head of Supply"

    @pytest.mark.parametrize(
        "other",
        [
            replace(TOLD, name="South", domain="south.test"),
            replace(TOLD, name=None, domain="south.test"),
            replace(TOLD, name="South", domain=None),
            replace(TOLD, name=None, domain=None),
            Company(headcount=9, social_profiles=company_network("south")),
        ],
    )
    def test_a_company_of_another_name_and_domain_is_not_merged(self, other: Company) -> None:
        known = profiled("people", full_profile())
        assert employer(known, firm(other)) == employer(known)
        assert COMPANY not in chosen(known, firm(other)).won

    @pytest.mark.parametrize(
        "same",
        [
            replace(TOLD, name="NORTH Inc.", domain=None),
            replace(TOLD, name="Something Else", domain="north.test"),
            replace(TOLD, name=None, domain="north.test"),
        ],
    )
    def test_the_same_domain_or_the_same_name_is_enough(self, same: Company) -> None:
        assert employer(profiled("people", full_profile()), firm(same)).headcount == 72

    def test_the_same_page_on_the_network_is_enough(self) -> None:
        page = SocialProfiles.of(Network(url="https://www.linkedin.com/company/north-industries/"))
        same = Company(headcount=72, social_profiles=page)
        assert employer(profiled("people", employed(PAGE)), firm(same)).headcount == 72

    def test_the_first_answer_is_trusted_and_the_second_closes_what_it_leaves(self) -> None:
        first = firm(replace(TOLD, industry=None, website=None), "one")
        second = firm(replace(TOLD, headcount=900, headcount_range="501-1000"), "two")
        found = employer(profiled("people", full_profile()), first, second)
        assert (found.headcount, found.headcount_range, found.website) == (72, "51-200", TOLD.website)
        assert found.industry == TOLD.industry

    def test_an_answer_that_another_one_makes_recognisable_is_used_though_it_came_before(self) -> None:
        by_domain = firm(Company(domain="north.test", year_founded=1950), "one")
        both = firm(Company(name="North", domain="north.test"), "two")
        found = employer(profiled("people", employed(Company(name="North"))), by_domain, both)
        assert (found.domain, found.year_founded) == ("north.test", 1950)

    def test_company_data_without_a_profile_is_nobodys(self) -> None:
        assert described(LINKED, (firm(),)) is None
        assert chosen(firm()).outcome.profile is None
        assert COMPANY not in chosen(firm()).won

    def test_company_data_that_came_along_with_an_address_is_used_too(self) -> None:
        along = Attempt("mail", "find", Found(Values((EmailFound("ada@north.test"),), company=TOLD)))
        assert employer(along, profiled("people", full_profile())).headcount == 72


class TestWhoWon:
    def test_the_vendor_that_described_the_employer_is_named(self) -> None:
        choice = chosen(profiled("people", full_profile()), firm())
        assert choice.won == {PROFILE: "people", COMPANY: "firms"}
        assert choice.because[COMPANY] == "described by firms"

    def test_several_are_named_in_the_order_of_their_answers_and_each_once(self) -> None:
        choice = chosen(profiled("people", full_profile()), firm(vendor="b"), firm(vendor="a"), firm(vendor="b"))
        assert (choice.won[COMPANY], choice.because[COMPANY]) == ("b", "described by b and a")

    def test_one_that_described_another_company_is_not(self) -> None:
        other = firm(replace(TOLD, name="South", domain="south.test"), "wrong")
        choice = chosen(profiled("people", full_profile()), other, firm())
        assert (choice.won[COMPANY], choice.because[COMPANY]) == ("firms", "described by firms")

    def test_nobody_is_where_only_the_profile_names_the_employer(self) -> None:
        assert set(chosen(profiled("people", employed(TOLD))).won) == {PROFILE}


class TestHistory:
    def test_the_employer_is_remembered_with_the_profile_and_never_by_itself(self) -> None:
        known = linked(profiled("people", full_profile()), firm())
        outcome: Outcome = choose(LINKED, known.wanted, known.attempts, MAIL).outcome
        assert memorable(known, outcome.found()) == {WORK, PROFILE}

    def test_an_answer_from_the_journal_is_used_and_not_bought_again(self) -> None:
        inherited = linked(profiled("people", full_profile()), firm(replace(TOLD, industry=None)))
        assert plan(inherited).questions == ()

    def test_a_miss_in_the_journal_is_not_asked_again(self) -> None:
        missed = linked(profiled("people", full_profile()), Attempt("firms", "find", NotFound()))
        assert plan(missed).questions == ()

    def test_a_call_that_may_have_been_billed_is_not_repeated(self) -> None:
        lost = linked(profiled("people", full_profile()), Attempt("firms", "find", uncertain=True))
        assert plan(lost).questions == ()


people = st.lists(any_profile, min_size=1, max_size=2)
firms = st.lists(any_company, max_size=3)


@given(people, firms)
def test_the_same_company_data_again_changes_nothing(group: list[Profile], known: list[Company]) -> None:
    once = with_employer(merge_profiles(group, "ada-sample"), known)
    assert with_employer(once, known) == once
    assert once is None or merge_profiles((once,), "ada-sample") == once


@given(people, firms)
def test_company_data_touches_nothing_but_gaps_of_the_employer(group: list[Profile], known: list[Company]) -> None:
    before = merge_profiles(group, "ada-sample")
    after = with_employer(before, known)
    if before is None or after is None:
        assert after is before
        return
    assert replace(after, employment=None) == replace(before, employment=None)
    past, now = (profile.employment.all or () if profile.employment else () for profile in (before, after))
    assert [replace(job, company=None) for job in now] == [replace(job, company=None) for job in past]
    assert [job.company for job in now[1:]] == [job.company for job in past[1:]]
    old, new = current_company(before), current_company(after)
    kept = {name for name in Company.__struct_fields__ if getattr(old, name, None)} - {"id", "social_profiles"}
    assert {name for name in kept if getattr(new, name) != getattr(old, name)} == set()


replies = st.sampled_from(
    [
        NotFound(),
        Refused(Reason.UNAVAILABLE),
        email("x").reply,
        email("x", claim=EmailClaim.CATCH_ALL).reply,
        phone("x", "+33 6 39 98 12 34", LineType.MOBILE).reply,
        profiled("x", full_profile()).reply,
        profiled("x", employed(PAGE, location=None)).reply,
        profiled("x", employed(None)).reply,
        firm().reply,
        firm(replace(TOLD, industry=None)).reply,
        firm(replace(TOLD, name="South", domain="south.test")).reply,
        Found(Values((EmailFound("ada@north.test"),), profile=full_profile(), company=TOLD)),
    ]
)
field_sets = st.frozensets(st.sampled_from(list(Field)), min_size=1)
EMPLOYERS_ONLY = (BY_DOMAIN, BY_COMPANY_NAME, BY_COMPANY_PAGE)


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[Offer, ...]:
    """Vendors of people, and vendors that know companies only."""
    names = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8))
    return tuple(
        offer(name, COMPANY, cents=draw(st.integers(0, 9)), needs=EMPLOYERS_ONLY)
        if draw(st.booleans())
        else offer(name, *draw(field_sets), cents=draw(st.integers(0, 9)), also=draw(field_sets))
        for name in names
    )


def check(question: Question, known: State) -> None:
    """What holds of every question that is only about the employer."""
    if question.fields == {COMPANY}:
        assert question.contact.known() <= BY_DOMAIN | BY_COMPANY_NAME | BY_COMPANY_PAGE
        assert PROFILE in searched(known)
        assert current_company(described(known.contact, known.attempts)) is not None


@given(catalogues(), st.sets(st.sampled_from([WORK, PHONE]), min_size=1), st.sampled_from(list(BuyProfile)), st.data())
def test_a_waterfall_with_company_data_ends_and_tells_company_vendors_nothing_of_the_person(
    offers: tuple[Offer, ...], wanted: set[Field], buy: BuyProfile, data: st.DataObject
) -> None:
    contact = replace(LINKED, domain="north.test", work_email=None)
    attempts: list[Attempt] = []
    for _ in range(3 * len(offers) + 3):
        known = State(contact, frozenset(wanted), tuple(attempts), offers, Policy(buy_profile=buy), MAIL)
        step = plan(known)
        in_the_air = [place for place, attempt in enumerate(attempts) if attempt.in_flight]
        if not step.questions and not in_the_air:
            break
        for question in step.questions:
            check(question, known)
            attempts.append(Attempt(*question.offer.key))
        place = data.draw(st.sampled_from([place for place, attempt in enumerate(attempts) if attempt.in_flight]))
        attempts.append(replace(attempts.pop(place), reply=data.draw(replies)))
    else:
        raise AssertionError("the waterfall did not end")
    asked_pairs = [(attempt.vendor, attempt.operation) for attempt in attempts]
    assert len(asked_pairs) == len(set(asked_pairs))
