"""Titles, industries, schools and skills: what fills a curriculum vitae of the world."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Role:
    """A position. ``levels`` and ``role`` use Peopledatalabs' published words, the richest of the vocabularies."""

    title: str
    level: str
    role: str
    sub_role: str | None


ROLES: Final[tuple[Role, ...]] = (
    Role("Head of Sales", "director", "sales", "business_development"),
    Role("Account Executive", "senior", "sales", "account_executive"),
    Role("Sales Development Representative", "entry", "sales", "business_development"),
    Role("VP Sales", "vp", "sales", None),
    Role("Chief Revenue Officer", "cxo", "sales", None),
    Role("Marketing Manager", "manager", "marketing", "content_marketing"),
    Role("Director of Demand Generation", "director", "marketing", "growth_marketing"),
    Role("Chief Marketing Officer", "cxo", "marketing", None),
    Role("Software Engineer", "entry", "engineering", "software"),
    Role("Senior Software Engineer", "senior", "engineering", "software"),
    Role("VP Engineering", "vp", "engineering", None),
    Role("Data Engineer", "senior", "engineering", "data"),
    Role("Chief Technology Officer", "cxo", "engineering", None),
    Role("Product Manager", "manager", "operations", "product"),
    Role("Operations Manager", "manager", "operations", "logistics"),
    Role("Chief Executive Officer", "cxo", "operations", "executive"),
    Role("Founder", "owner", "operations", "founder"),
    Role("Managing Partner", "partner", "operations", "executive"),
    Role("Finance Director", "director", "finance", "accounting"),
    Role("Chief Financial Officer", "cxo", "finance", None),
    Role("HR Business Partner", "manager", "human_resources", None),
    Role("Talent Acquisition Manager", "manager", "human_resources", "recruiting"),
    Role("Customer Success Manager", "manager", "customer_service", "customer_success"),
    Role("Legal Counsel", "senior", "legal", "lawyer"),
    Role("UX Designer", "entry", "design", "user_experience"),
    Role("Procurement Lead", "senior", "operations", "procurement"),
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


STEMS: Final = _words(
    "Aldermoor, Birchline, Brightwater, Calderstone, Corvane, Dunmere, Eastfold, Elmhurst, Fernleigh,"
    " Foxglen, Glasswing, Greyharbor, Halden, Hollowick, Inverlane, Ironbark, Jennetwood, Kestrel, Kilnbrook,"
    " Larkfield, Lindenau, Marlowe, Millrace, Moorgate, Nordhaven, Oakmantle, Orchardson, Pellworth,"
    " Pinecrest, Quillon, Ravenbeck, Redfern, Rookwood, Saltmarsh, Silverbirch, Stonecroft, Tamarack,"
    " Thistledown, Ullswell, Umberfield, Valemount, Verdanta, Wexcombe, Whitepeak, Windermoor, Wrenfield,"
    " Yarrowby, Zephyrine, Ambervale, Bellweather, Copperline, Driftmark, Emberlow, Flintridge"
)

KINDS: Final[Mapping[str, str]] = {
    "Analytics": "Computer Software",
    "Robotics": "Industrial Automation",
    "Logistics": "Logistics and Supply Chain",
    "Foods": "Food Production",
    "Biotech": "Biotechnology",
    "Energy": "Renewables & Environment",
    "Consulting": "Management Consulting",
    "Insurance": "Insurance",
    "Software": "Computer Software",
    "Media": "Online Media",
    "Textiles": "Textiles",
    "Capital": "Financial Services",
    "Clinics": "Hospital & Health Care",
    "Travel": "Leisure, Travel & Tourism",
    "Legal": "Law Practice",
    "Motors": "Automotive",
    "Learning": "E-Learning",
    "Security": "Computer & Network Security",
    "Studio": "Design",
    "Marine": "Maritime",
    "Networks": "Telecommunications",
    "Labs": "Research",
}
"""Second word of a company's name -> its industry."""

SIZES: Final = (
    (3, 10, "1-10", 18),
    (11, 50, "11-50", 26),
    (51, 200, "51-200", 24),
    (201, 500, "201-500", 13),
    (501, 1000, "501-1000", 8),
    (1001, 5000, "1001-5000", 7),
    (5001, 10_000, "5001-10000", 2),
    (10_001, 40_000, "10001+", 2),
)
"""Least and most people, the band's name, its weight among companies."""

KINDS_OF_OWNERSHIP: Final[Mapping[str, int]] = {
    "private": 78,
    "public": 12,
    "nonprofit": 5,
    "educational": 3,
    "government": 2,
}

SCHOOLS: Final = (
    "University of Aldermoor",
    "Halden Institute of Technology",
    "École de Commerce de Verdanta",
    "Technische Hochschule Lindenau",
    "Universidad del Valle Alto",
    "Nordhaven School of Economics",
    "Saltmarsh College",
    "Yarrowby Business School",
    "Inverlane Polytechnic",
    "Quillon State University",
)
DEGREES: Final = ("bachelors", "masters", "doctorates")
MAJORS: Final = (
    "economics",
    "computer science",
    "business administration",
    "psychology",
    "law",
    "mechanical engineering",
)
SKILLS: Final = _words(
    "crm, negotiation, forecasting, python, sql, cloud computing, project management, public speaking,"
    " copywriting, seo, data analysis, budgeting, recruiting, contract law, user research, supply chain, key"
    " account management, team leadership"
)
