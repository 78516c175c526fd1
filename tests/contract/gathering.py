"""Contacts under way at the same time, for the tests of questions that share a request."""

import asyncio
from contextlib import AbstractContextManager

from contract.asking import asked, person
from contract.fakes import Stage, claimed
from openenrich.core.evidence import Attempt


def others_of(stage: Stage) -> AbstractContextManager[None]:
    """Somebody else is under way, with other questions."""
    return stage.desk.gatherer.present()


async def under_way(stage: Stage, number: int, name: str) -> Attempt:
    """One contact from its claim to the answer."""
    with stage.desk.gatherer.present():
        return await asked(stage, claimed(number, person(name)))


async def together(stage: Stage, *names: str) -> list[Attempt]:
    """Contacts with these last names ask in the same moment; the answers in that order."""
    first = 100 * (len(stage.transport.asked) + 1)
    return list(await asyncio.gather(*(under_way(stage, number, name) for number, name in enumerate(names, first))))
