"""One profile out of the profiles that several vendors gave of the same person.

Promises: the given order is the order of trust, a filled field is never replaced by an emptier one, nothing empty is
left, the current position is the full object and the first of ``all``, and merging a result again changes nothing.
That the profiles are of one person is for the vendors' files and for the caller to see to.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from openenrich.core import linkedin
from openenrich.core.companies import company_key
from openenrich.core.company import company_id, company_network, headcount_range, person_id, person_network
from openenrich.core.names import folded
from openenrich.core.profile import (
    Company,
    Employment,
    Employments,
    Headquarters,
    Location,
    Network,
    Profile,
    SocialProfiles,
)

_PLACES: Final = (Location, Headquarters)


def merge_profiles(profiles: Sequence[Profile], handle: str | None) -> Profile | None:
    """The profile of the person behind ``handle``; profiles in order of trust; ``None`` when they say nothing."""
    return _merged(tuple(profiles), handle) if profiles else None


def with_employer(profile: Profile | None, companies: Sequence[Company]) -> Profile | None:
    """The profile with the gaps of its current employer closed from what is known of that same company.

    What one answer says may be what another is recognised by, so those that did not fit are looked at again.
    """
    left = list(companies)
    while profile is not None and (known := next((item for item in left if is_employer(profile, item)), None)):
        left.remove(known)
        described = Employments(current=Employment(company=known, is_current=True))
        profile = _merged((profile, Profile(employment=described)), None) or profile
    return profile


def is_employer(profile: Profile | None, company: Company) -> bool:
    """Whether it is certain to be the company of the current position."""
    return bool(_same_company(current_company(profile), company))


def current_company(profile: Profile | None) -> Company | None:
    """The employer of the current position."""
    current = profile.employment.current if profile and profile.employment else None
    return current.company if current else None


@lru_cache(maxsize=1024)
def _merged(profiles: tuple[Profile, ...], handle: str | None) -> Profile | None:
    """A contact is planned anew with every answer, and few answers bring another profile: results are kept."""
    merged, history = _gathered(profiles)
    account = _account(profiles, handle)
    employment = history.copy().employments()
    full_name = merged.full_name or " ".join(filter(None, (merged.first_name, merged.last_name))) or None
    result = replace(
        merged,
        id=person_id(account.handle if account else None, full_name, _employer(employment)),
        full_name=full_name,
        social_profiles=SocialProfiles.of(account) if account else None,
        employment=employment,
    )
    return result if result != Profile() else None


@lru_cache(maxsize=1024)
def _gathered(profiles: tuple[Profile, ...]) -> tuple[Profile, "_History"]:
    """The person and the positions. One more profile than last time is the usual case: only that one is added."""
    if not profiles:
        return Profile(), _History()
    merged, before = _gathered(profiles[:-1])
    history = before.copy()
    history.add(profiles[-1].employment)
    return _filled(merged, _person(profiles[-1])), history


@lru_cache(maxsize=1024)
def _person(profile: Profile) -> Profile:
    """A profile without empty parts and without its positions: those are merged one by one."""
    person: Profile | None = _pruned(replace(profile, employment=None))
    return person or Profile()


@dataclass(slots=True)
class _History:
    """The positions gathered so far, and which of them the most trusted profile calls the current one."""

    positions: list[Employment] = field(default_factory=list)
    current: int | None = None

    def copy(self) -> "_History":
        """What is kept between two merges is never changed."""
        return _History(list(self.positions), self.current)

    def add(self, employment: Employments | None) -> None:
        """Take in one profile's positions; each may complete one position that is already known."""
        incoming, has_current = _positions(employment or Employments())
        places = self._places(incoming)
        for position, place in zip(incoming, places, strict=True):
            if place < len(self.positions):
                self.positions[place] = _position_filled(self.positions[place], position)
            else:
                self.positions.append(position)
        if has_current and self.current is None and self.positions[places[0]].is_current is not False:
            self.current = places[0]

    def employments(self) -> Employments | None:
        """The current position first, then other current ones, then the past, latest first."""
        if not self.positions:
            return None
        current = self._current()
        rest = [position for index, position in enumerate(self.positions) if index != self.current]
        rest.sort(key=lambda position: (bool(position.is_current), position.start_at or ""), reverse=True)
        ordered = dict.fromkeys([current, *rest] if current else rest)
        return Employments(current=current, all=tuple(ordered))

    def _places(self, incoming: Sequence[Employment]) -> list[int]:
        """Where each position belongs. Equal ones find each other first, so that a repetition changes nothing."""
        free = list(range(len(self.positions)))
        places: dict[int, int] = {}
        for alike in (Employment.__eq__, _same_position):
            for index, position in enumerate(incoming):
                match = next((place for place in free if alike(self.positions[place], position)), None)
                if index not in places and match is not None:
                    places[index] = match
                    free.remove(match)
        fresh = iter(range(len(self.positions), len(self.positions) + len(incoming)))
        return [places[index] if index in places else next(fresh) for index in range(len(incoming))]

    def _current(self) -> Employment | None:
        """The one that was called current, else the latest that goes on; it has no end."""
        if self.current is None:
            going_on = [index for index, position in enumerate(self.positions) if position.is_current]
            self.current = max(going_on, key=lambda index: self.positions[index].start_at or "", default=None)
        if self.current is None:
            return None
        return replace(self.positions[self.current], is_current=True, end_at=None)


def _positions(employment: Employments) -> tuple[list[Employment], bool]:
    """One profile's positions, the current one first if it names one. Clients find ``current`` in ``all`` again."""
    listed = list(dict.fromkeys(tidy for position in employment.all or () if (tidy := _tidied(position))))
    current = _tidied(employment.current) if employment.current else None
    if current is None:
        return listed, False
    current = replace(current, is_current=True, end_at=None)
    twin = next((position for position in listed if position == current), None) or next(
        (position for position in listed if _same_position(position, current)), None
    )
    if twin is None:
        return [current, *listed], True
    rest = [position for position in listed if position is not twin]
    return [_position_filled(current, twin), *rest], True


@lru_cache(maxsize=4096)
def _tidied(position: Employment) -> Employment | None:
    """Without empty parts, with the identifiers of its company, and without an end while it goes on."""
    kept: Employment | None = _pruned(position)
    if kept is None:
        return None
    company = _company_tidied(kept.company) if kept.company else None
    is_current = kept.is_current if kept.is_current is not None or not kept.end_at else False
    tidy = replace(
        kept,
        company=company if company != Company() else None,
        is_current=is_current,
        end_at=None if is_current else kept.end_at,
    )
    return tidy if tidy != Employment() else None


def _position_filled(first: Employment, other: Employment) -> Employment:
    company = _company_filled(first.company, other.company) if first.company and other.company else None
    merged: Employment = _filled(first, other)
    return _tidied(replace(merged, company=company or merged.company)) or first


def _same_position(one: Employment, other: Employment) -> bool:
    """The same employer and a start at most a month apart.

    Vendors that know no month say January and vendors of contact data no date at all: then titles decide, or that
    both are current.
    """
    same_title = bool(one.title and other.title) and folded(one.title or "") == folded(other.title or "")
    same_company = _same_company(one.company, other.company)
    if same_company is False or (same_company is None and not same_title):
        return False
    if one.start_at and other.start_at:
        apart = abs(_month(one.start_at) - _month(other.start_at))
        return apart <= 1 or (same_title and one.start_at[:4] == other.start_at[:4])
    return same_title or bool(one.is_current and other.is_current)


def _same_company(one: Company | None, other: Company | None) -> bool | None:
    """``None`` when the two have nothing in common by which they could be compared."""
    pairs = [(mine, theirs) for mine, theirs in zip(_keys(one), _keys(other), strict=True) if mine and theirs]
    return any(mine == theirs for mine, theirs in pairs) if pairs else None


def _keys(company: Company | None) -> tuple[str | None, str | None, str | None]:
    """Domain, handle and plain name."""
    if company is None:
        return None, None, None
    network = _network(company.social_profiles)
    return company.domain, network.handle if network else None, company_key(company.name or "") or None


def _company_filled(first: Company, other: Company) -> Company:
    headcount, band = _size(first, other)
    one, two = _network(first.social_profiles), _network(other.social_profiles)
    network = _network_filled(one, two) if one and two else one or two
    account = SocialProfiles.of(network) if network else None
    merged = _filled(first, other)
    return _company_tidied(replace(merged, headcount=headcount, headcount_range=band, social_profiles=account))


def _size(first: Company, other: Company) -> tuple[int | None, str | None]:
    """Headcount and its range are one statement: they are not mixed when they contradict each other."""
    known = first.headcount_range
    if first.headcount or (known and headcount_range(other.headcount or 0) != known):
        return first.headcount, known
    return other.headcount or first.headcount, known or other.headcount_range


def _company_tidied(company: Company) -> Company:
    network = _network(company.social_profiles)
    account = SocialProfiles.of(network) if network else None
    if network and network.handle:
        account = company_network(network.handle, number=network.id, followers=network.connection_count)
    return replace(
        company,
        id=company_id(company.domain, network.handle if network else None),
        headcount_range=company.headcount_range or headcount_range(company.headcount or 0),
        social_profiles=account,
    )


def _account(profiles: Sequence[Profile], handle: str | None) -> Network | None:
    """The person's account under the known handle; what vendors say of another account is not used."""
    networks = [network for profile in profiles if (network := _network(_pruned(profile.social_profiles)))]
    handle = handle or next((network.handle for network in networks if network.handle), None)
    merged = Network()
    for network in networks:
        if handle is None or network.handle is None or network.handle.lower() == handle.lower():
            merged = _filled(merged, network)
    if handle:
        shown = person_network(handle, number=merged.id, connections=merged.connection_count)
        return _network(shown)
    return merged if merged != Network() else None


def _network(social: SocialProfiles | None) -> Network | None:
    """The account under either of its two names, with the handle out of the address if need be."""
    network = (social.professional_network or social.linkedin) if social else None
    if network is None or network.handle or not network.url:
        return network
    return replace(network, handle=linkedin.handle(network.url) or linkedin.company_handle(network.url))


def _network_filled(first: Network, other: Network) -> Network:
    return _filled(first, other) if _agree(first, other, ("handle",)) else first


def _employer(employment: Employments | None) -> str | None:
    current = employment.current if employment else None
    return current.company.domain if current and current.company else None


def _month(date: str) -> int:
    return int(date[:4]) * 12 + int(date[5:7])


def _pruned(value: Any) -> Any:
    """Without empty texts, lists and objects; ``None`` when nothing remains or a necessary part is empty."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, tuple):
        return tuple(kept for item in value if (kept := _pruned(item)) is not None) or None
    if not isinstance(value, msgspec.Struct):
        return value
    parts = {name: _pruned(getattr(value, name)) for name in value.__struct_fields__}
    lacking = any(parts[name] is None for name in _required(type(value)))
    return None if lacking or all(part is None for part in parts.values()) else type(value)(**parts)


@cache
def _required(kind: type[msgspec.Struct]) -> frozenset[str]:
    """The parts without which an object of this kind says nothing. Kept: msgspec evaluates annotations each time."""
    return frozenset(info.name for info in msgspec.structs.fields(kind) if info.required)


def _filled(first: Any, other: Any) -> Any:
    """The first object with its gaps closed from the other; of two lists the longer one."""
    return replace(
        first, **{name: _better(getattr(first, name), getattr(other, name)) for name in first.__struct_fields__}
    )


def _better(mine: Any, theirs: Any) -> Any:
    if mine is theirs:
        return mine
    if mine is None or (mine == 0 and mine is not False):
        return theirs if theirs is not None else mine
    if isinstance(mine, tuple) and theirs is not None:
        return theirs if len(theirs) > len(mine) else mine
    if isinstance(mine, msgspec.Struct) and theirs is not None:
        mixable = not isinstance(mine, _PLACES) or _agree(mine, theirs, mine.__struct_fields__)
        return _filled(mine, theirs) if mixable else mine
    return mine


def _agree(one: msgspec.Struct, other: msgspec.Struct, names: Sequence[str]) -> bool:
    """No part that both know is different: a city of one source is not put into the country of another."""
    both = ((getattr(one, name), getattr(other, name)) for name in names)
    return all(mine == theirs for mine, theirs in both if mine is not None and theirs is not None)
