"""An answer about somebody else is no answer, however it reaches us."""

import asyncio

import msgspec
import pytest

from contract.asking import TWO_KEYS, asked, open_purchase, result
from contract.fake_journal import FakeBook
from contract.fakes import ADA, BATCH, CALLING, POLLED, REDEEMED, SYNC, Stage, claimed, until
from openenrich.core.contact import Contact, Values
from openenrich.core.identity import names_another
from openenrich.core.profile import Network, Profile, SocialProfiles
from openenrich.core.vendor import Found, Pending, Reason, Refused
from openenrich.engine.ask_vendor import ask, resume
from openenrich.engine.ports import Claimed, Step

OTHER = Refused(Reason.UNREADABLE, code="other_person", final=True)
KNOWN = msgspec.structs.replace(ADA, linkedin_handle="ada-sample")


def account(url: str | None) -> Profile:
    return Profile(full_name="Ada Sample", social_profiles=SocialProfiles.of(Network(url=url)))


def naming(handle: str) -> Found:
    return Found(Values(profile=account(f"https://www.linkedin.com/in/{handle}")))


RIGHT, WRONG = naming("ada-sample"), naming("ada-other")


class TestWhoIsNamed:
    @pytest.mark.parametrize(
        "url",
        [
            "https://www.linkedin.com/in/ada-sample",
            "linkedin.com/in/Ada-Sample/",
            "https://de.linkedin.com/in/ada-sample?trk=x",
            "https://www.linkedin.com/in/ACoAABcdEfGhIjKlMnOpQrStUvWxYz012345678",
            "https://www.linkedin.com/company/ada-other",
            "https://profiles.example.com/ada-other",
            "",
            None,
        ],
    )
    def test_the_same_handle_and_what_is_no_handle_name_nobody_else(self, url: str | None) -> None:
        assert not names_another(KNOWN, account(url))

    @pytest.mark.parametrize("url", ["https://www.linkedin.com/in/ada-other", "linkedin.com/in/ADA-SAMPLE-2/"])
    def test_two_handles_that_differ_are_two_people(self, url: str) -> None:
        assert names_another(KNOWN, account(url))

    @pytest.mark.parametrize("profile", [None, Profile(), Profile(social_profiles=SocialProfiles())])
    def test_an_answer_without_an_account_names_nobody(self, profile: Profile | None) -> None:
        assert not names_another(KNOWN, profile)

    @pytest.mark.parametrize("handle", [None, "ACoAABcdEfGhIjKlMnOpQrStUvWxYz012345678"])
    def test_a_contact_without_a_handle_of_its_own_can_not_be_contradicted(self, handle: str | None) -> None:
        contact = msgspec.structs.replace(ADA, linkedin_handle=handle)
        assert not names_another(contact, account("https://www.linkedin.com/in/ada-other"))


def who(number: int = 1, contact: Contact = KNOWN) -> Claimed:
    """Whoever asks knows the handle; the vendor is told name and domain."""
    return claimed(number, contact)


async def told_name_only(stage: Stage, contact: Claimed) -> object:
    return await ask(stage.desk, contact, stage.question(ADA))


class TestHoweverItReachesUs:
    async def test_the_person_that_was_asked_for_is_an_answer(self) -> None:
        assert await asked(Stage().says(RIGHT), who()) == result(RIGHT)

    @pytest.mark.parametrize("vendor", [SYNC, BATCH])
    async def test_at_once(self, vendor: object) -> None:
        stage = Stage(vendor).says(WRONG)  # type: ignore[arg-type]  # a Vendor
        assert await asked(stage, who()) == result(OTHER)
        assert stage.journal.steps == [Step.FAILED]
        assert stage.journal.rows[1].reply == OTHER

    async def test_in_one_row_of_several(self) -> None:
        stage = Stage(BATCH).says({"1": WRONG, "2": RIGHT})
        twin = msgspec.structs.replace(KNOWN, first_name="Adam")
        answers = await asyncio.gather(*(asked(stage, contact) for contact in (who(), who(2, twin))))
        assert answers == [result(OTHER), result(RIGHT)]

    async def test_from_a_job_that_was_polled(self) -> None:
        stage = Stage(POLLED).says(Pending("job-1")).reads({"job-1": WRONG})
        assert await asked(stage, who()) == result(OTHER)
        assert stage.journal.steps == [Step.FAILED]

    async def test_from_a_record_that_was_redeemed(self) -> None:
        stage = Stage(REDEEMED).says(Pending("record-1")).redeems(WRONG)
        assert await asked(stage, who()) == result(OTHER)
        assert stage.events[-2:] == ["redeem first", "failed"]

    async def test_from_the_free_search_and_then_nothing_is_paid(self) -> None:
        stage = Stage(REDEEMED).says(WRONG)
        assert await asked(stage, who()) == result(OTHER)
        assert stage.events == ["intent first", "call first", "failed"]

    async def test_from_a_report(self) -> None:
        stage = Stage(CALLING, public_url="https://enrich.example.org").says(Pending("job-1"))
        contact = asyncio.ensure_future(asked(stage, who()))
        await until(lambda: "submitted" in stage.events)
        await FakeBook(stage.journal).answer(1, Step.DONE, WRONG, 20_000, stage.clock.now())
        assert await contact == result(OTHER)

    async def test_from_a_job_that_is_resumed(self) -> None:
        stage, contact = Stage(POLLED).reads({"job-1": WRONG}), who()
        assert await resume(stage.desk, contact, open_purchase(stage, contact, Step.SUBMITTED, "job-1")) == result(
            OTHER
        )

    async def test_from_a_purchase_of_another_contact(self) -> None:
        """Both tell the vendor the same, and only one of them is the person that the answer names."""
        stage = Stage().says(WRONG)
        namesake = who(2, msgspec.structs.replace(KNOWN, linkedin_handle="ada-other"))
        assert await told_name_only(stage, namesake) == result(WRONG)
        assert await told_name_only(stage, who(1)) == result(OTHER)
        assert stage.events.count("call first") == 1

    async def test_what_another_contact_refused_may_be_bought_by_the_person_it_names(self) -> None:
        stage = Stage().says(WRONG)
        namesake = who(2, msgspec.structs.replace(KNOWN, linkedin_handle="ada-other"))
        assert await told_name_only(stage, who(1)) == result(OTHER)
        assert await told_name_only(stage, namesake) == result(WRONG)

    async def test_no_other_key_buys_the_same_wrong_person(self) -> None:
        stage = Stage(keys=TWO_KEYS).says(WRONG)
        await asked(stage, who())
        assert stage.events.count("call first") == 1
