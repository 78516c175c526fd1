"""How CRMs and other tools head the columns of a list; a new spelling is one more line here.

Spellings are compared after `key`, so case, accents, spaces, hyphens and underscores do not matter: ``First Name``
stands for ``first_name`` and ``firstName`` too. A leading ``Contact``, ``Person``, ``Lead``, ... is ignored as well.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType

PERSON = ("first_name", "last_name", "full_name", "domain", "company_name", "linkedin_url")
"""The columns that say who is meant."""

VALUES = ("work_email", "personal_email", "mobile", "phone", "title", "country", "city")
"""The columns of a directory that say what is known about them."""

# "Company LinkedIn URL", "Company Phone" and the like are left out on purpose: they are not about the person.
_SPELLINGS: Mapping[str, str] = {
    "first_name": """First Name|Given Name|Forename|First|Fname|Christian Name|Vorname|Prénom|Nombre|Nome|Voornaam
        |Förnamn|Fornavn|Etunimi|Imię|Nome Proprio|Primer Nombre""",
    "last_name": """Last Name|Surname|Family Name|Last|Lname|Second Name|Nachname|Familienname|Nom|Nom de famille
        |Apellido|Apellidos|Cognome|Sobrenome|Achternaam|Efternamn|Efternavn|Etternavn|Sukunimi|Nazwisko""",
    "full_name": """Full Name|Name|Display Name|First and Last Name|Complete Name|Vollständiger Name|Nom complet
        |Nombre completo|Nome completo|Volledige naam""",
    "domain": """Domain|Domain Name|Company Domain|Company Domain Name|Company Website|Company Website URL
        |Company Website Domain|Company Web Site|Company URL|Company Web|Website|Website URL|Web Site|Web Page
        |Web Address|Homepage|Home Page|Site|Account Website|Account Domain|Organization Domain|Organization Website
        |Organization Primary Domain|Organization Website URL|Organisation Domain|Organisation Website
        |Primary Domain|Corporate Website|Corporate Domain|Employer Domain|Webseite|Internetseite
        |Firmendomain|Firmenwebsite|Site web|Site internet|Domaine|Sitio web|Página web|Dominio|Sito web|Sito
        |Website do empresa|Domein""",
    "company_name": """Company|Company Name|Organization|Organization Name|Organisation|Organisation Name|Account
        |Account Name|Employer|Employer Name|Current Company|Current Company Name|Current Employer|Business
        |Business Name|Associated Company|Company Name for Emails|Firm|Firma|Firmenname|Unternehmen|Unternehmensname
        |Arbeitgeber|Entreprise|Nom de l'entreprise|Société|Raison sociale|Empresa|Nombre de la empresa|Compañía|Azienda
        |Nome azienda|Società|Nome da empresa|Bedrijf|Bedrijfsnaam|Företag|Virksomhed|Yritys""",
    "linkedin_url": """LinkedIn|LinkedIn URL|LinkedIn Link|LinkedIn Page|LinkedIn Profile|LinkedIn Profile URL
        |LinkedIn Profile Link|LinkedIn Public URL|LinkedIn Public Profile|LinkedIn Public Profile URL|LinkedIn Handle
        |LinkedIn Contact Profile URL|LinkedIn Member URL|LinkedIn Account|LI URL|LI Profile|LI Profile URL|Profile
        |Profile URL|Profile Link|Public Profile URL|Personal LinkedIn|Personal LinkedIn URL|Professional Network
        |Professional Network URL|LinkedIn-Profil|Profil LinkedIn|Perfil de LinkedIn|Perfil LinkedIn
        |Profilo LinkedIn""",
    "work_email": """Email|E-mail|Email Address|E-mail Address|Mail|Work Email|Work Email Address|Work Mail
        |Business Email|Business Email Address|Professional Email|Corporate Email|Company Email|Office Email
        |Primary Email|Email 1|E-Mail-Adresse|Courriel|Email professionnel|Correo|Correo electrónico|Indirizzo email""",
    "personal_email": """Personal Email|Personal Email Address|Private Email|Private Email Address|Home Email
        |Email Personal|Email privée|Email personnel|Private E-Mail-Adresse|Correo personal""",
    "mobile": """Mobile|Mobile Phone|Mobile Number|Mobile Phone Number|Mobile Phone 1|Cell|Cell Phone|Cellphone
        |Cell Number|Cellular|Mobiltelefon|Mobilnummer|Mobil|Handy|Handynummer|Téléphone portable|Téléphone mobile
        |Portable|Móvil|Celular|Cellulare|Mobiel""",
    "phone": """Phone|Phone Number|Telephone|Telephone Number|Tel|Direct Phone|Direct Dial|Direct Number|Direct Line
        |Direct Phone Number|Work Phone|Work Phone Number|Work Direct Phone|Business Phone|Office Phone|Landline|Telefon
        |Telefonnummer|Durchwahl|Téléphone|Teléfono|Telefono|Telefone|Telefoon""",
    "title": """Title|Job Title|Job|Job Position|Position|Role|Function|Current Title|Current Position|Jobtitel
        |Berufsbezeichnung|Funktion|Poste|Intitulé du poste|Fonction|Cargo|Puesto|Ruolo|Functie""",
    "country": """Country|Country Name|Country Code|Country Region|Person Country|Land|Pays|País|Paese""",
    "city": """City|Town|Person City|Stadt|Ort|Ville|Ciudad|Città|Cidade|Plaats""",
}

_PREFIXES = ("contact", "person", "people", "lead", "prospect", "candidate", "employee")


def key(header: str) -> str:
    """A header reduced to what matters when spellings are compared."""
    plain = unicodedata.normalize("NFKD", header).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def _by_key() -> Mapping[str, str]:
    table: dict[str, str] = {}
    for field, spellings in _SPELLINGS.items():
        table |= {key(spelling): field for spelling in (field, *spellings.split("|"))}
    return MappingProxyType(table)


_FIELDS = _by_key()


def field_of(header: str) -> str | None:
    """The field that a header means, or ``None`` when it means nothing to us."""
    plain = key(header)
    if plain in _FIELDS:
        return _FIELDS[plain]
    for prefix in _PREFIXES:
        if plain.startswith(prefix) and plain.removeprefix(prefix) in _FIELDS:
            return _FIELDS[plain.removeprefix(prefix)]
    return None


def known(header: Sequence[str]) -> int:
    """How many of these headers mean something: what tells a good separator from a bad one."""
    return sum(field_of(name) is not None for name in header)
