"""The Companies API: the employer by its domain, its page on the network or its name, and nobody who works there.

What surprised us: the key follows the word ``Basic`` as it is, without encoding; used-up credits are a 403 whose word
says so; a miss is a 404, an empty object or an empty list; the first hit of a search may be somebody else and is paid
for all the same, so that ``meta`` alone says what was taken. The balance takes two calls, the second with a number
from the first, and is left aside. Prices are those of their smallest plan, 95 dollars for 50 000.
"""

import msgspec

from openenrich.core.companies import same_company
from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import Contact, Field, Known, Values
from openenrich.core.money import MicroUsd
from openenrich.core.profile import Company, CompanyLocations
from openenrich.core.vendor import (
    Ask,
    Charge,
    Found,
    HeaderKey,
    HttpRequest,
    HttpResponse,
    Limits,
    NotFound,
    Operation,
    Reason,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._statuses import refusal

VENDOR = Vendor(
    name="thecompaniesapi",
    title="The Companies API",
    docs="https://www.thecompaniesapi.com/api",
    base_url="https://api.thecompaniesapi.com",
    auth=HeaderKey("Authorization", "Basic "),
    style=Style.SYNC,
    operations=(
        Operation(
            name="company",
            returns=frozenset({Field.COMPANY}),
            needs=tuple(frozenset({told}) for told in (Known.DOMAIN, Known.COMPANY_LINKEDIN, Known.COMPANY_NAME)),
            credits=1000,
            charge=Charge.PER_MATCH,
            hit_rate=0.8,
        ),
    ),
    credit_price=MicroUsd(1900),
    limits=Limits(per_second=50),
    region="unknown",
)


class _Meta(msgspec.Struct, frozen=True, rename="camel"):
    cost: float | None = None
    free_request: bool = False

    @property
    def billed(self) -> int | None:
        if self.free_request:
            return 0
        return None if self.cost is None else round(self.cost * 1000)


class _About(msgspec.Struct, frozen=True, rename="camel"):
    name: str | None = None
    name_legal: str | None = None
    name_alts: tuple[str, ...] | None = None
    industry: str | None = None
    industries: tuple[str, ...] | None = None
    business_type: str | None = None
    total_employees: str | None = None
    total_employees_exact: int | None = None
    year_founded: int | None = None

    @property
    def names(self) -> tuple[str | None, ...]:
        return (self.name, self.name_legal, *(self.name_alts or ()))


class _Descriptions(msgspec.Struct, frozen=True):
    primary: str | None = None
    linkedin: str | None = None
    website: str | None = None
    tagline: str | None = None


class _Domain(msgspec.Struct, frozen=True, rename="camel"):
    domain: str | None = None
    domain_alts: tuple[str, ...] | None = None

    @property
    def names(self) -> tuple[str | None, ...]:
        return (self.domain, *(self.domain_alts or ()))


class _Place(msgspec.Struct, frozen=True):
    """An address has a text, a city a postal code, the others a name and a code."""

    raw: str | None = None
    name: str | None = None
    code: str | None = None
    postcode: str | None = None


class _Headquarters(msgspec.Struct, frozen=True):
    address: _Place | None = None
    city: _Place | None = None
    state: _Place | None = None
    country: _Place | None = None


class _Locations(msgspec.Struct, frozen=True):
    headquarters: _Headquarters | None = None


class _Account(msgspec.Struct, frozen=True, rename="camel"):
    id: str | None = None
    id_numeric: int | None = None
    url: str | None = None
    followers: int | None = None

    @property
    def address(self) -> str | None:
        return self.url or (f"https://www.linkedin.com/company/{self.id}" if self.id else None)


class _Socials(msgspec.Struct, frozen=True):
    linkedin: _Account | None = None


class _Company(msgspec.Struct, frozen=True):
    about: _About | None = None
    descriptions: _Descriptions | None = None
    domain: _Domain | None = None
    locations: _Locations | None = None
    socials: _Socials | None = None
    meta: _Meta | None = None


class _Hits(msgspec.Struct, frozen=True):
    companies: tuple[_Company, ...]
    meta: _Meta | None = None


def request(ask: Ask) -> HttpRequest:
    firm = ask.contact
    if firm.domain:
        return HttpRequest("GET", f"/v2/companies/{firm.domain}")
    if firm.company_linkedin_url:
        return HttpRequest("GET", "/v2/companies/by-social", query={"linkedin": firm.company_linkedin_url})
    return HttpRequest("GET", "/v2/companies/by-name", query={"name": firm.company_name or "", "size": "1"})


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return NotFound()
    empty = b"noCreditsRemaining" in response.body  # in one of two places
    refused = refusal(response, {403: Reason.NO_CREDIT if empty else Reason.BAD_KEY})
    if refused:
        return refused
    firm = ask.contact
    return _one(firm, response) if firm.domain or firm.company_handle else _search(firm, response)


def _one(firm: Contact, response: HttpResponse) -> Reply:
    """Nobody is an empty object, perhaps with what it took."""
    body = msgspec.json.decode(response.body, type=dict[str, object])
    if body.keys() - {"meta"} and not {"about", "domain"} & body.keys():
        raise ValueError("an answer of another kind")
    found = msgspec.convert(body, type=_Company, strict=False)
    meant = found if not firm.domain or _is_meant(firm, found) else _Company()
    return _reply(meant, found.meta or _Meta())


def _search(firm: Contact, response: HttpResponse) -> Reply:
    hits = msgspec.json.decode(response.body, type=_Hits, strict=False)
    found = next((hit for hit in hits.companies if _is_meant(firm, hit)), _Company())
    return _reply(found, hits.meta or _Meta())


def _is_meant(firm: Contact, hit: _Company) -> bool:
    if firm.domain:
        return firm.domain in (hit.domain or _Domain()).names
    return any(same_company(firm.company_name, name) for name in (hit.about or _About()).names)


def _reply(found: _Company, meta: _Meta) -> Reply:
    company = _company(found, found.about or _About())
    return Found(Values(company=company), meta.billed) if company else NotFound(meta.billed)


def _company(found: _Company, about: _About) -> Company | None:
    """The bands of headcount overlap, so the exact number goes first."""
    words, account = found.descriptions or _Descriptions(), (found.socials or _Socials()).linkedin or _Account()
    trade = about.industry or next(iter(about.industries or ()), None)
    return company_of(
        name=about.name or about.name_legal,
        website=(found.domain or _Domain()).domain,
        linkedin_url=account.address,
        linkedin_number=account.id_numeric,
        followers=account.followers,
        description=words.primary or words.linkedin or words.website or words.tagline,
        founded=about.year_founded,
        headcount=about.total_employees_exact,
        size=None if about.total_employees_exact else about.total_employees,
        kind=about.business_type,
        industry=trade.replace("-", " ") if trade else None,
        locations=_seat((found.locations or _Locations()).headquarters or _Headquarters()),
    )


def _seat(seat: _Headquarters) -> CompanyLocations | None:
    city, country = seat.city or _Place(), seat.country or _Place()
    return headquarters_of(
        street=(seat.address or _Place()).raw,
        city=city.name,
        region=(seat.state or _Place()).name,
        postal_code=city.postcode,
        nation=country.code or country.name,
    )
