"""Seniority and job function in the words of the API, from a vendor's words or from the title.

Promises only values of the published lists; what is not understood is left out rather than passed through. A function
is never guessed from a title.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from openenrich.core.casing import title as with_capitals
from openenrich.core.profile import JobFunction

_RANKS: Final = ("Owner", "Founder", "C-level", "Partner", "VP", "Head", "Director", "Manager", "Senior")
_LEVELS: Final[Mapping[str, str]] = {
    **{rank.lower(): rank for rank in _RANKS},
    **dict.fromkeys(("c", "cxo", "c suite", "c level", "cxo level", "chief"), "C-level"),
    **dict.fromkeys(("vice president", "vp level", "v suite", "svp", "evp"), "VP"),
    **dict.fromkeys(("d", "director level"), "Director"),
    **dict.fromkeys(("m", "manager level"), "Manager"),
    **dict.fromkeys(("co founder", "founder owner"), "Founder"),
    "senior level": "Senior",
}
# Highest first. Each pattern is a word of rank that stands for the person's own rank, not for somebody else's.
_TITLES: Final = tuple(
    (rank, re.compile(pattern, re.IGNORECASE))
    for rank, pattern in (
        ("Owner", r"(?<!product )(?<!process )(?<!service )(?<!system )\bowner\b|\binhaber(?:in)?\b|\bproprietor\b"),
        ("Founder", r"\b(?:co-?)?founder\b|\bgründer(?:in)?\b|\bfondateur\b|\bfondatrice\b"),
        (
            "C-level",
            r"\bchief\b.*\bofficer\b|\bc(?:[eftmiorpsd]o|iso|hro)\b|(?<!vice[ -])\bpresident\b|\bgeschäftsführer\b",
        ),
        ("Partner", r"(?:^|\b(?:managing|senior|general|equity|founding|limited) )partner\b(?! \w)"),
        ("VP", r"\b[sea]?vp\b|\bvice[ -]president\b"),
        ("Head", r"\bhead of\b|\bhead$|\bhead,|^head\b|\bleiter(?:in)?\b"),
        ("Director", r"\bdirector\b|\bdirectora\b|\bdirecteur\b|\bdirectrice\b|\bdirektor(?:in)?\b"),
        ("Manager", r"\bmanager\b"),
        ("Senior", r"\bsenior\b|\bsr\b|\bprincipal\b|\blead\b"),
    )
)
_ASSISTS: Final = re.compile(r"\b(?:assistant|secretary|advis[eo]r) to\b|\bexecutive assistant\b", re.IGNORECASE)
# Vendors whose list of levels lacks these two put their holders under the levels on the right.
_HIDDEN: Final = {"Founder": {"Owner", "C-level", "Partner"}, "Head": {"Director", "Manager", "Senior"}}

_FUNCTIONS: Final[Mapping[str, str]] = {
    word: function
    for function, words in {
        "Administrative": "administrative|administration|executive assistant|office management|clerical",
        "Agriculture & Environment": "agriculture|environment|environmental|sustainability",
        "Construction & Trades": "trade|trades|construction|skilled trades|construction and trades",
        "Consulting & Advisory": "advisory|consulting|consultant|professional service|professional services",
        "Customer Service": "customer service|customer success|support|customer support|customer experience",
        "Design": "design|graphic design|product design|web design|ux|user experience|ui ux",
        "Education": "education|academic|teaching|training",
        "Energy & Utilities": "energy|utilities",
        "Entertainment & Gaming": "entertainment|gaming|game development",
        "Executive & Leadership": "executive|leadership|c suite|general management|board member|founder",
        "Finance": "finance|accounting|investment|banking|audit|tax|financial planning|treasury|procurement finance",
        "Hospitality & Tourism": "hospitality|tourism|travel|food and beverage",
        "Human Resources": "human resources|hr|recruiting|talent acquisition|people|people operations|compensation",
        "Legal": "legal|compliance|counsel|lawyer|paralegal",
        "Marketing": "marketing|brand marketing|brand|content marketing|product marketing|demand generation|growth",
        "Media & Communications": "media|communications|public relations|journalism|editorial|broadcasting|pr",
        "Medical & Health": "health|healthcare|medical|medical and health|nursing|doctor|dental|pharmacy|therapy",
        "Non-Profit & Government": "public service|government|non profit|nonprofit|public administration",
        "Not Employed": "unemployed|retired|student|not employed",
        "Operations": "operations|fulfillment|logistics operations|supply chain|procurement|manufacturing|purchasing",
        "Personal & Home Services": "personal service|personal services|home services",
        "Product": "product|product management|product owner",
        "Project & Program Management": "project management|program management|program and project management",
        "Public Safety & Security": "public safety|protective service|law enforcement|military|physical security",
        "Research & Science": "research|science|analyst|scientific|data science research",
        "Retail & Consumer": "retail|consumer|merchandising",
        "Sales": "sales|business development|account executive|account management|partnerships|sales engineering",
        "Software": (
            "software|information technology|it|engineering and technical|software engineering|software development"
            "|data|data engineering|data science|devops|web|web development|network|information security|cybersecurity"
            "|qa|qa engineering|systems|database|machine learning|cloud|mobile development|data analyst"
        ),
        "Traditional Engineering": (
            "traditional engineering|mechanical|electrical|civil|chemical|industrial|aerospace|structural|hardware"
            "|mechanical engineering|electrical engineering|civil engineering|process engineering|automotive"
        ),
        "Transportation & Logistics": "transportation|logistics|shipping|driver|drivers|transportation and logistics",
    }.items()
    for word in words.split("|")
}
# Roles that say too little by themselves, or whose parts belong elsewhere: their sub-role decides first.
_SPLIT_ROLES: Final = frozenset(
    {"engineering", "creative", "real estate", "operations", "analyst", "professional service"}
)


def seniority(levels: Iterable[str], title: str | None) -> str | None:
    """The highest of a vendor's levels, corrected by the two words that hide in titles; else what the title says."""
    known = {rank for level in levels if (rank := _LEVELS.get(_words(level)))}
    told = next((rank for rank in _RANKS if rank in known), None)
    said = _said(title or "")
    if told is None or (said is not None and told in _HIDDEN.get(said, set())):
        return said or told
    return told


def job_function(role: str | None, sub_role: str | None = None) -> JobFunction | None:
    """The pair of function and sub-function in the house taxonomy; ``None`` when the role is not in it."""
    role_words, sub_words = _words(role or ""), _words(sub_role or "")
    function = _FUNCTIONS.get(role_words)
    if function is None or role_words in _SPLIT_ROLES:
        function = _FUNCTIONS.get(sub_words, function)
    if function is None:
        return None
    return JobFunction(function, with_capitals(sub_words) if sub_words and sub_words != role_words else None)


def _said(title: str) -> str | None:
    if _ASSISTS.search(title):
        return None
    return next((rank for rank, pattern in _TITLES if pattern.search(title)), None)


def _words(text: str) -> str:
    """``c_suite``, ``C-Suite`` and ``c suite`` are one word."""
    return " ".join(re.sub(r"[\W_]+", " ", text.lower().replace("&", " and ")).split())
