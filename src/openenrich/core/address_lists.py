"""Words and domains by which an address is judged: roles, throw-away mailboxes, and what is allowed all the same.

Pure: what is written here is the least that always holds; ``verify`` adds the dated list of throw-away domains.
"""

from typing import Final

import msgspec


class AddressLists(msgspec.Struct, frozen=True):
    """``allowed`` wins over ``disposable``."""

    roles: frozenset[str]
    disposable: frozenset[str]
    allowed: frozenset[str] = frozenset()
    dated: str = ""


_ROLES: Final = """
    abuse accessibility account accounting accounts accountspayable accountsreceivable admin administration
    administrator admissions advertise advertising affiliate affiliates agency alarm alert alerts all announce
    announcements ap api apply ar archive ask assistance audit backoffice backup bestellung bewerbung billing board
    bookings booking bookkeeping branding bureau business busdev bizdev buy campaign campaigns care career
    careers cc ceo cfo chairman channel charity chat cio claims client clients clientservices coaching collections
    comercial comments commercial commerciale committee communication communications community company complaints
    compliance compras concierge conference consulting contabilidad contabilita contact contacto contactus contatti
    contato content contracts coo corporate council course courses creative credit creditcontrol crew cs cto customer
    customercare customers customersuccess customersupport customerservice cyber daemon data dataprotection datenschutz
    deals debug delivery demo department design desk dev developer developers development devnull devops digital
    direccion direction director directors dispatch distribution dns domain domains donate donations dpo ecommerce
    editor editorial editors education einkauf email employment empfang engineering enquire enquiries enquiry error
    errors estimates events everyone executive expenses export fabuse facilities facility factory facturacion factures
    facturation faktura faq fax feedback finance financial fleet founder founders franchise fraud freight frontdesk ftp
    fundraising general geral gdpr gerencia gifts git giving govt grants graphics group guest guests hallo hello help
    helpdesk helpline hey hi hire hiring hola home host hosting hostmaster hotel hotline housekeeping hr hse human
    humanresources import impressum inbox inbound industrial info infodesk informatica informacion informasi
    information informatique infos inkoop innovation inquiries inquiry insurance integration intern international
    internship inventory invest investor investorrelations investors invoice invoices invoicing ir it itadmin itsupport
    itteam jobs job join karriere kontakt kontakte kundenservice kundendienst lab labs leads learning leasing
    legal library license licensing list listserv logistics logistik loja mail mailbox mailer mailerdaemon mailing
    mailroom maintenance manager management managers mantenimiento marketing media meet member members membership
    merchandise mis mktg moderator monitoring museum national netadmin network networking news newsletter noc noreply
    notification notifications notify null office officemanager online onboarding operations operator operators ops
    order orders ordini outreach owner owners parts partner partners partnership partnerships parking payable payment
    payments payroll people personal personnel phish phishing photo phones planning policy portal post postbox
    postmaster pr presales presidency president press presse pressoffice prensa principal privacy procurement
    production products product program programs project projects promo promotions property public publicity
    publicrelations purchase purchasing purchases qa quality quotations quote quotes receipts receivable reception
    recepcion rechnung rechnungen records recruit recruiter recruiting recruitment recrutement redaction redaktion
    referral referrals reg register registrar registration regulatory remove rental rentals reply report reporting
    reports request requests research reservas reservation reservations reservierung resources responder restaurant
    results resume resumes retail returns rh risk root rrhh rsvp safety sales salesteam sale schedule scheduling school
    search secretariat secretaria secretary security sekretariat seguranca selling seminar seo server serveradmin
    service servicedesk services servizi shipping shop show signup smtp social soporte spam spedizioni sponsors
    sponsorship sport staff startup stats store stores strategy student students studio submissions submit subscribe
    subscription subscriptions success suggestions suggest supervisor suporte suppliers supplier supplychain support
    survey surveys sysadmin system systems talent tax team tech technical technicalsupport technik technology tecnico
    telecom telesales tender tenders test tester testing theatre tickets ticket ticketing tienda tour tours trade
    trading traffic training transport travel treasurer treasury undisclosedrecipients uninstall unsubscribe update
    updates upload usenet user users uucp vendas vendor vendors venta ventas verkauf verkoop verify vertrieb video
    viewer visa visit vip volunteer volunteers voicemail warehouse warranty web webadmin webmail webmaster website
    webshop welcome wholesale work workshop writer www zakaz zentrale accueil achat achats administracion
    administratie aide ajuda assistenza assistencia atencion atendimento ayuda biuro bok buchhaltung comptabilite
    comunicacao comunicacion comunicazione direzione financeiro handlowy informatie informazioni klantenservice
    ksiegowosc kadry magasin marche oferty podpora prodej obchod recepce sprzedaz sklep secretariaat segreteria
    soumission uffici ufficio vente ventes vendite verwaltung zamowienia
"""

_DISPOSABLE: Final = """
    0-mail.com 10minutemail.com 10minutemail.net 20minutemail.com 33mail.com anonbox.net anonymbox.com bccto.me
    boun.cr burnermail.io byom.de cock.li crazymailing.com deadaddress.com despam.it discard.email discardmail.com
    discardmail.de dispostable.com dodgeit.com dropmail.me emailfake.com emailondeck.com emailsensei.com emltmp.com
    fakeinbox.com fakemail.net fakemailgenerator.com filzmail.com getairmail.com getnada.com grr.la guerrillamail.biz
    guerrillamail.com guerrillamail.de guerrillamail.info guerrillamail.net guerrillamail.org guerrillamailblock.com
    harakirimail.com inboxalias.com inboxbear.com inboxkitten.com incognitomail.org jetable.org kasmail.com
    luxusmail.org
    mail-temp.com mail-temporaire.fr mail.tm mailcatch.com maildrop.cc maildrop.gq mailexpire.com mailforspam.com
    mailinator.com mailinator.net mailinator2.com mailme.lv mailmoat.com mailnesia.com mailnull.com mailpoof.com
    mailsac.com mailtemp.info mailtothis.com meltmail.com mintemail.com minuteinbox.com moakt.com mohmal.com mt2015.com
    mvrht.com my10minutemail.com mytemp.email mytrashmail.com nada.email nospam.ze.tc nowmymail.com objectmail.com
    oneoffemail.com pokemail.net proxymail.eu sharklasers.com sneakemail.com sogetthis.com spam4.me spamavert.com
    spambog.com spambox.us spamex.com spamfree24.org spamgourmet.com spamherelots.com spamhole.com spaml.com
    spammotel.com spamspot.com superrito.com suremail.info temp-mail.io temp-mail.org tempail.com tempemail.co
    tempemail.net tempinbox.com tempm.com tempmail.com tempmail.dev tempmail.eu tempmail.net tempmailaddress.com
    tempmailer.com tempmailo.com tempr.email temporarymail.com thisisnotmyrealemail.com throwam.com
    throwawaymail.com tmail.ws tmailor.com tmpmail.net tmpmail.org trash-mail.com trash-mail.de trashmail.com
    trashmail.de trashmail.io trashmail.me trashmail.net trashymail.com trbvm.com tyldd.com wegwerfemail.de
    wegwerfmail.de wegwerfmail.net wegwerfmail.org wh4f.org yopmail.com yopmail.fr yopmail.net zetmail.com
"""

BUILT_IN: Final = AddressLists(
    roles=frozenset(_ROLES.split()), disposable=frozenset(_DISPOSABLE.split()), dated="2026-10-01"
)
