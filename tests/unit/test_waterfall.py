"""What is asked next: decision 14, and the rules of the design."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.contact import Contact, EmailClaim, EmailKind, Field, Known, LineType
from openenrich.core.evidence import Attempt
from openenrich.core.ordering import Offer
from openenrich.core.profile import Network, SocialProfiles
from openenrich.core.vendor import Found, NotFound, Reason, Refused
from openenrich.core.verdict import DomainMail
from openenrich.core.waterfall import BuyProfile, Plan, Policy, State, Stop, memorable, plan, settled
from unit.waterfalls import ADA, BY_PROFILE, described, email, full_profile, offer, phone, state

WORK, PERSONAL, PHONE, PROFILE = Field.WORK_EMAIL, Field.PERSONAL_EMAIL, Field.PHONE, Field.PROFILE
CHEAP, DEAR = offer("cheap", WORK, cents=1), offer("dear", WORK, cents=5)


def asked(step: Plan) -> list[str]:
    return sorted(question.offer.vendor.name for question in step.questions)


def test_the_cheapest_vendor_is_asked_first():
    assert asked(plan(state(offers=(DEAR, CHEAP)))) == ["cheap"]


def test_the_operators_own_order_comes_before_cost():
    policy = Policy(order={WORK: ("dear",)})
    assert asked(plan(state(offers=(CHEAP, DEAR), policy=policy))) == ["dear"]


def test_after_a_miss_the_next_vendor_is_asked():
    assert asked(plan(state(Attempt("cheap", "find", NotFound()), offers=(CHEAP, DEAR)))) == ["dear"]


def test_after_an_outage_the_next_vendor_is_asked_too():
    down = Attempt("cheap", "find", Refused(Reason.UNAVAILABLE))
    assert asked(plan(state(down, offers=(CHEAP, DEAR)))) == ["dear"]


def test_a_deliverable_address_stops_the_search():
    step = plan(state(email("cheap"), offers=(CHEAP, DEAR)))
    assert (step.questions, step.open) == ((), frozenset())


def test_a_catch_all_address_is_kept_and_the_search_goes_on():
    found = email("cheap", claim=EmailClaim.CATCH_ALL)
    assert asked(plan(state(found, offers=(CHEAP, DEAR)))) == ["dear"]


def test_a_catch_all_address_stops_it_when_the_policy_says_any():
    found = email("cheap", claim=EmailClaim.CATCH_ALL)
    assert plan(state(found, offers=(CHEAP, DEAR), policy=Policy(stop_work_email=Stop.ANY))).questions == ()


def test_an_invalid_address_never_ends_the_waterfall():
    found = email("cheap", claim=EmailClaim.INVALID)
    assert asked(plan(state(found, offers=(CHEAP, DEAR)))) == ["dear"]


def test_an_address_at_another_company_is_kept_but_does_not_stop_the_search():
    found = email("cheap", "ada@elsewhere.test")
    domains = {"elsewhere.test": DomainMail.TAKES_MAIL}
    assert asked(plan(state(found, offers=(CHEAP, DEAR), domains=domains))) == ["dear"]


def test_an_address_is_not_judged_before_its_domain_was_looked_up():
    step = plan(state(email("cheap"), offers=(CHEAP, DEAR), domains={}))
    assert (step.look_up, step.questions) == (("north.test",), ())


def test_an_address_at_a_domain_without_mail_does_not_stop_the_search():
    step = plan(state(email("cheap"), offers=(CHEAP, DEAR), domains={"north.test": DomainMail.NULL_MX}))
    assert asked(step) == ["dear"]


def test_a_question_in_the_air_is_waited_for():
    step = plan(state(Attempt("cheap", "find"), offers=(CHEAP, DEAR)))
    assert (step.questions, step.open) == ((), frozenset({WORK}))


def test_fields_run_side_by_side():
    offers = (offer("mail", WORK), offer("mobile", PHONE))
    assert asked(plan(state(wanted=(WORK, PHONE), offers=offers))) == ["mail", "mobile"]


def test_a_vendor_that_answers_two_fields_with_one_question_is_asked_once_for_both():
    both = offer("both", WORK, PHONE)
    [question] = plan(state(wanted=(WORK, PHONE), offers=(both,))).questions
    assert question.fields == {WORK, PHONE}


def test_an_answer_is_used_for_fields_that_were_not_asked_for():
    along = phone("cheap", "+33 6 39 98 12 34", LineType.MOBILE)
    assert plan(state(along, wanted=(PHONE,), offers=(offer("mobile", PHONE),))).questions == ()


def test_a_landline_does_not_end_the_search_for_a_mobile():
    landline = phone("cheap", "+33 1 99 00 12 34")
    assert asked(plan(state(landline, wanted=(PHONE,), offers=(offer("mobile", PHONE),)))) == ["mobile"]


def test_a_north_american_number_may_be_a_mobile_and_ends_the_search():
    assert settled(state(phone("cheap", "+1 202-555-0123"), wanted=(PHONE,)), PHONE)


def test_a_free_mail_address_that_is_not_invalid_ends_the_search_for_a_personal_one():
    found = email("cheap", "ada@freemail.test", EmailClaim.UNKNOWN, EmailKind.PERSONAL)
    assert settled(state(found, wanted=(PERSONAL,)), PERSONAL)


def test_a_vendor_is_told_only_what_it_needs():
    contact = Contact(
        **{**{name: getattr(ADA, name) for name in ("first_name", "last_name", "domain")}, "company_name": "N"}
    )
    [question] = plan(state(offers=(CHEAP,), contact=contact)).questions
    assert question.contact == ADA


def test_a_vendor_that_needs_more_than_is_known_is_passed_by():
    assert plan(state(offers=(offer("linked", WORK, needs=(BY_PROFILE,)),))).questions == ()


def test_a_profile_url_learned_on_the_way_opens_vendors_that_need_one():
    profile = full_profile()
    network = SocialProfiles.of(Network(url="https://www.linkedin.com/in/ada-sample"))
    found = described("cheap", msgspec.structs.replace(profile, social_profiles=network))
    linked = offer("linked", WORK, needs=(BY_PROFILE,))
    [question] = plan(state(found, offers=(linked,))).questions
    assert question.contact == Contact(linkedin_handle="ada-sample")


def test_the_profile_of_somebody_else_teaches_nothing():
    other = msgspec.structs.replace(
        full_profile(),
        first_name="Boris",
        last_name="Other",
        social_profiles=SocialProfiles.of(Network(url="https://www.linkedin.com/in/boris")),
    )
    assert plan(state(described("cheap", other), offers=(offer("linked", WORK, needs=(BY_PROFILE,)),))).questions == ()


def test_a_verified_work_address_opens_vendors_that_need_one():
    by_mail = offer("by_mail", PHONE, needs=(frozenset({Known.WORK_EMAIL}),))
    [question] = plan(state(email("cheap"), wanted=(WORK, PHONE), offers=(by_mail,))).questions
    assert question.contact == Contact(work_email="ada.sample@north.test")


def test_a_profile_is_bought_when_a_profile_url_was_given():
    with_url = Contact(linkedin_handle="ada-sample")
    linked = offer("profiles", PROFILE)
    assert asked(plan(state(contact=with_url, offers=(linked,)))) == ["profiles"]
    assert asked(plan(state(offers=(linked,)))) == []
    assert asked(plan(state(offers=(linked,), policy=Policy(buy_profile=BuyProfile.ALWAYS)))) == ["profiles"]


def test_a_profile_is_not_bought_while_an_answer_in_the_air_may_bring_one():
    with_url = Contact(linkedin_handle="ada-sample")
    mobiles = offer("mobiles", PHONE, also=frozenset({PROFILE}))
    profiles = offer("profiles", PROFILE)
    step = plan(state(Attempt("mobiles", "find"), wanted=(PHONE,), contact=with_url, offers=(mobiles, profiles)))
    assert asked(step) == []


def test_one_vendors_record_is_not_bought_twice_for_two_fields():
    phones = offer("records", PHONE, also=frozenset({PERSONAL}), operation="phone")
    mails = offer("records", PERSONAL, also=frozenset({PHONE}), operation="mail")
    step = plan(state(wanted=(PHONE, PERSONAL), offers=(phones, mails)))
    assert [question.offer.operation.name for question in step.questions] == ["mail"]
    nothing = Attempt("records", "mail", NotFound())
    later = plan(state(nothing, wanted=(PHONE, PERSONAL), offers=(phones, mails)))
    assert [question.offer.operation.name for question in later.questions] == ["phone"]


def test_a_record_that_a_vendor_gave_is_not_bought_again_for_a_field_that_it_would_have_had():
    whole = offer("records", PHONE, also=frozenset({WORK}), operation="find")
    mails = offer("records", WORK, operation="mail")
    gave = phone("records", "+33 6 39 98 12 34", LineType.MOBILE)
    assert plan(state(gave, wanted=(PHONE, WORK), offers=(whole, mails))).questions == ()


def test_a_profile_that_another_question_of_the_same_step_may_bring_is_not_bought():
    with_url = Contact(linkedin_handle="ada-sample")
    offers = (offer("mails", WORK, also=frozenset({PROFILE})), offer("profiles", PROFILE))
    assert asked(plan(state(contact=with_url, offers=offers))) == ["mails"]


def test_fields_from_history_are_not_searched():
    assert plan(state(offers=(CHEAP,), had=frozenset({WORK}))).open == frozenset()


def test_what_was_found_is_remembered_but_a_thin_profile_is_not():
    assert memorable(state(email("cheap")), frozenset({WORK, PROFILE})) == {WORK}
    assert memorable(state(described("cheap", full_profile())), frozenset({PROFILE})) == {PROFILE}


replies = st.sampled_from(
    [
        NotFound(),
        Refused(Reason.UNAVAILABLE),
        Refused(Reason.NO_CREDIT),
        email("x").reply,
        email("x", claim=EmailClaim.CATCH_ALL).reply,
        email("x", "other@elsewhere.test").reply,
        email("x", claim=EmailClaim.INVALID).reply,
        phone("x", "+1 202-555-0123").reply,
        phone("x", "+33 1 99 00 12 34").reply,
        described("x", full_profile()).reply,
    ]
)
fields = st.sets(st.sampled_from(list(Field)), min_size=1)


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[Offer, ...]:
    names = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8))
    return tuple(
        offer(name, *draw(fields), cents=draw(st.integers(0, 40)), also=frozenset(draw(fields))) for name in names
    )


@given(catalogues(), st.sets(st.sampled_from([WORK, PERSONAL, PHONE]), min_size=1), st.data())
def test_a_waterfall_ends_and_never_asks_a_vendor_the_same_thing_twice(
    offers: tuple[Offer, ...], wanted: set[Field], data: st.DataObject
):
    contact = Contact(first_name="Ada", last_name="Sample", domain="north.test", linkedin_handle="ada-sample")
    domains: dict[str, DomainMail] = {}
    attempts: list[Attempt] = []
    for _ in range(3 * len(offers) + 3):
        step = plan(State(contact, frozenset(wanted), tuple(attempts), offers, Policy(), domains))
        if not step.questions and not step.look_up:
            break
        domains |= {name: data.draw(st.sampled_from(list(DomainMail))) for name in step.look_up}
        for question in step.questions:
            reply = data.draw(replies)
            assert isinstance(reply, Found | NotFound | Refused)
            attempts.append(Attempt(*question.offer.key, reply))
    else:
        raise AssertionError("the waterfall did not end")
    asked_pairs = [(attempt.vendor, attempt.operation) for attempt in attempts]
    assert len(asked_pairs) == len(set(asked_pairs))
