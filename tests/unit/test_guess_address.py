"""Work addresses without a vendor: which guesses are put before the mail host, and which are given back."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.contact import Contact, EmailClaim, EmailFound, Values
from openenrich.core.outcome import EmailStatus
from openenrich.core.patterns import Sample, learn, rank
from openenrich.core.vendor import Ask, Found, NotFound, Reply
from openenrich.core.verdict import Opinion
from openenrich.engine.guess_address import AddressGuesser
from openenrich.engine.ports import VendorKey
from openenrich.vendors._discover import discover

ADAPTER = discover()["pattern"]
DOMAIN = "north.test"
ASK = Ask("guess", Contact(first_name="Mira", last_name="Okafor", domain=DOMAIN))
COLLEAGUES = (
    Sample("Otto", "Hahn", "otto.hahn"),
    Sample("Bea", "Lindqvist", "bea.lindqvist"),
    Sample("Clara", "Roussel", "clara.roussel"),
    Sample("Ebba", "Dahlgren", "ebba.dahlgren"),
)
UNLIKE = (Sample("Fleur", "Bakker", "fbakker"), Sample("Desmond", "Quimby", "desmond"))
FIRST, SECOND, THIRD = (f"{local}@{DOMAIN}" for local in ("mira.okafor", "mokafor", "mira"))

DELIVERABLE, HIGH, CATCH_ALL, INVALID, INVALID_DOMAIN = EmailStatus
UNKNOWN = Opinion("smtp", None, "greylisted")
NOT_ASKED = None
Said = EmailStatus | Opinion | None


@dataclass
class Company:
    """Its colleagues as known, and its mail host, which says what is written for an address, or else ``otherwise``."""

    colleagues: Sequence[Sample] = ()
    said: Mapping[str, Said] = field(default_factory=dict)
    otherwise: Said = INVALID
    asked: list[str] = field(default_factory=list)

    async def of(self, domain: str) -> tuple[Sample, ...]:
        return tuple(self.colleagues) if domain == DOMAIN else ()

    async def look(self, address: str) -> Opinion | None:
        self.asked.append(address)
        said = self.said.get(address, self.otherwise)
        return Opinion("smtp", said) if isinstance(said, EmailStatus) else said

    def guess(self, ask: Ask = ASK) -> Reply:
        """The whole way: the vendor's question, the guesser, the vendor's reading."""
        guesser = AddressGuesser(self, self)
        answer = asyncio.run(guesser.send(ADAPTER, VendorKey("", ""), ADAPTER.request(ask), 90.0))
        assert answer.status == 200
        return ADAPTER.read(ask, answer)


def found(address: str, claim: EmailClaim) -> Found:
    return Found(Values((EmailFound(address, claim=claim),)))


class TestAskingTheHost:
    def test_the_likeliest_guess_is_asked_first_and_the_confirmed_one_ends_the_search(self) -> None:
        company = Company(said={FIRST: DELIVERABLE, SECOND: DELIVERABLE})
        assert company.guess() == found(FIRST, EmailClaim.DELIVERABLE)
        assert company.asked == [FIRST]

    def test_what_colleagues_have_decides_which_is_the_likeliest(self) -> None:
        initials = [Sample("Otto", "Hahn", "ohahn"), Sample("Bea", "Lindqvist", "blindqvist")]
        company = Company(initials, otherwise=DELIVERABLE)
        assert company.guess() == found(SECOND, EmailClaim.DELIVERABLE)
        assert company.asked == [SECOND]

    def test_refused_guesses_are_passed(self) -> None:
        company = Company(said={THIRD: DELIVERABLE})
        assert company.guess() == found(THIRD, EmailClaim.DELIVERABLE)
        assert company.asked == [FIRST, SECOND, THIRD]

    def test_a_guess_that_the_host_finds_probable_ends_the_search_too(self) -> None:
        company = Company(said={SECOND: HIGH})
        assert isinstance(company.guess(), Found)
        assert company.asked == [FIRST, SECOND]

    def test_nothing_is_found_when_all_are_refused(self) -> None:
        company = Company(COLLEAGUES[:1])
        assert company.guess() == NotFound()
        assert company.asked == [FIRST, SECOND]  # a third would be too unlikely to ask

    def test_a_domain_without_mail_ends_the_search(self) -> None:
        company = Company(COLLEAGUES, otherwise=INVALID_DOMAIN)
        assert company.guess() == NotFound()
        assert company.asked == [FIRST]

    @pytest.mark.parametrize("count", range(5))
    def test_at_most_four_are_asked_and_none_that_is_as_likely_somebody_elses(self, count: int) -> None:
        company = Company((*COLLEAGUES[:count], *UNLIKE))
        company.guess()
        ranked = rank("Mira", "Okafor", learn(company.colleagues), most=4)
        assert company.asked == [f"{item.local}@{DOMAIN}" for item in ranked if item.probability >= 0.04]

    def test_four_likely_guesses_are_all_asked_and_a_fifth_is_not(self) -> None:
        kinds = ("{0}.{1}", "{0[0]}{1}", "{0}", "{1}", "{0}{1}", "{0}_{1}")
        mixed = [
            Sample(item.first, item.last, kind.format(item.first.lower(), item.last.lower()))
            for item, kind in zip((*COLLEAGUES, *UNLIKE), kinds, strict=True)
        ]
        likely = [item for item in rank("Mira", "Okafor", learn(mixed), most=9) if item.probability >= 0.04]
        company = Company(mixed)
        assert company.guess() == NotFound()
        assert len(likely) > 4
        assert company.asked == [f"{item.local}@{DOMAIN}" for item in likely[:4]]


UNCONFIRMED = {"catch-all": CATCH_ALL, "unknown": UNKNOWN, "not asked": NOT_ASKED}
unconfirmed = pytest.mark.parametrize("said", UNCONFIRMED.values(), ids=UNCONFIRMED)


class TestGuessesThatNobodyConfirms:
    @pytest.mark.parametrize(
        ("said", "claim"),
        [(CATCH_ALL, EmailClaim.CATCH_ALL), (UNKNOWN, EmailClaim.PROBABLE), (NOT_ASKED, EmailClaim.PROBABLE)],
    )
    def test_are_given_where_colleagues_prove_the_pattern_and_as_no_more_than_that(
        self, said: Said, claim: EmailClaim
    ) -> None:
        company = Company(COLLEAGUES, otherwise=said)
        assert company.guess() == found(FIRST, claim)
        assert company.asked == [FIRST]

    @unconfirmed
    @pytest.mark.parametrize("colleagues", [(), COLLEAGUES[:1]], ids=["nobody", "one"])
    def test_are_kept_back_where_too_few_colleagues_are_known(self, said: Said, colleagues: Sequence[Sample]) -> None:
        assert Company(colleagues, otherwise=said).guess() == NotFound()

    @unconfirmed
    def test_are_kept_back_where_colleagues_disagree(self, said: Said) -> None:
        assert Company((*COLLEAGUES[:2], *UNLIKE), otherwise=said).guess() == NotFound()

    @unconfirmed
    def test_one_colleague_whose_address_is_known_twice_proves_nothing(self, said: Said) -> None:
        assert Company(COLLEAGUES[:1] * 5, otherwise=said).guess() == NotFound()

    @unconfirmed
    def test_a_refused_address_is_not_given_because_the_next_was_not_settled(self, said: Said) -> None:
        mixed = (*COLLEAGUES, UNLIKE[0])  # two guesses are worth asking, and the pattern of the first is proven
        company = Company(mixed, said={FIRST: INVALID}, otherwise=said)
        assert company.guess() == NotFound()
        assert company.asked == [FIRST, SECOND]


class TestColleaguesOwnMailboxes:
    @pytest.mark.parametrize("local", ["mira.okafor", "Mira.Okafor", "MIRA.OKAFOR", " mira.okafor", "mira.okafor+news"])
    def test_are_never_guessed_however_they_are_written(self, local: str) -> None:
        namesake = Sample("Miranda", "Okaforson", local)
        company = Company((*COLLEAGUES, namesake), otherwise=DELIVERABLE)
        assert company.guess() == found(f"mira.okafor2@{DOMAIN}", EmailClaim.DELIVERABLE)
        assert FIRST not in company.asked

    def test_the_persons_own_known_address_may_be_guessed(self) -> None:
        company = Company((*COLLEAGUES, Sample("Mira", "Okafor", "mira.okafor")), otherwise=DELIVERABLE)
        assert company.guess() == found(FIRST, EmailClaim.DELIVERABLE)


LOCALS = ("Mira.Okafor", "mokafor", "mira", "okafor", "info", "otto.hahn", "mira.okafor2", "x17")
anybody = st.builds(
    Sample,
    st.sampled_from(["Otto", "Bea", "J.", ""]),
    st.sampled_from(["Hahn", "O.", ""]),
    st.sampled_from(LOCALS),
)
companies = st.one_of(
    # The pattern is proven, and mostly a second guess is left that is worth asking.
    st.lists(st.sampled_from((*COLLEAGUES, UNLIKE[0])), min_size=4, unique=True),
    st.lists(st.one_of(anybody, st.sampled_from((*COLLEAGUES, *UNLIKE))), max_size=8),
)
opinions: st.SearchStrategy[Said] = st.sampled_from([*EmailStatus, UNKNOWN, NOT_ASKED, INVALID, INVALID])
people = st.sampled_from(
    [("Mira", "Okafor"), ("Jürgen", "Weiß"), ("Anneke", "van der Berg"), ("小明", "王"), ("J.", "Li")]
)


@dataclass
class MoodyCompany(Company):
    """A host that says one thing after the other, whatever it is asked."""

    moods: Iterable[Said] = ()
    told: dict[str, Said] = field(default_factory=dict)

    async def look(self, address: str) -> Opinion | None:
        self.otherwise = self.told[address] = next(islice(self.moods, len(self.asked), None))
        return await super().look(address)


class TestWhateverIsKnownAndSaid:
    @given(people, companies, st.lists(opinions, min_size=4, max_size=4))
    def test_there_is_one_guess_at_most_and_never_one_that_the_host_refused(
        self, named: tuple[str, str], known: list[Sample], moods: list[Said]
    ) -> None:
        company = MoodyCompany(known, moods=moods)
        reply = company.guess(Ask("guess", Contact(first_name=named[0], last_name=named[1], domain=DOMAIN)))
        assert len(company.asked) == len(company.told) <= 4
        if isinstance(reply, Found):
            [email] = reply.values.emails
            said = company.told[email.address]
            assert said not in {INVALID, INVALID_DOMAIN}
            assert (email.claim is EmailClaim.DELIVERABLE) <= (said in {DELIVERABLE, HIGH})
        else:
            assert reply == NotFound()
            assert not {DELIVERABLE, HIGH} & set(company.told.values())

    @given(people, companies, st.lists(opinions, min_size=4, max_size=4))
    def test_no_mailbox_of_another_person_is_asked_about(
        self, named: tuple[str, str], known: list[Sample], moods: list[Said]
    ) -> None:
        company = MoodyCompany(known, moods=moods)
        company.guess(Ask("guess", Contact(first_name=named[0], last_name=named[1], domain=DOMAIN)))
        theirs = {f"{item.local.lower()}@{DOMAIN}" for item in known if len(item.first) > 2 and len(item.last) > 2}
        assert not theirs & set(company.asked)
