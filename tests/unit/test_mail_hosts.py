"""Mail hosts are known by the ends of their names."""

import pytest

from openenrich.core.mail_hosts import MailHost, MailHosts
from openenrich.verify.hosts import known_mail_hosts, mail_host_of


def host(name: str, *suffixes: str) -> MailHost:
    return MailHost(name=name, group=name, suffixes=suffixes)


@pytest.mark.parametrize(
    ("mx", "name"),
    [
        ("aspmx.l.google.com", "Google"),
        ("aspmx2.googlemail.com", "Google"),
        ("smtp.google.com", "Google"),
        ("example-com.mail.protection.outlook.com", "Microsoft 365"),
        ("example-com.a-v1.mx.microsoft", "Microsoft 365"),
        ("hotmail-com.olc.protection.outlook.com", "Outlook"),
        ("eu-smtp-inbound-1.mimecast.com", "Mimecast"),
        ("za-smtp-inbound-1.mimecast.co.za", "Mimecast"),
        ("mx0a-001.pphosted.com", "Proofpoint"),
        ("mx1-us1.ppe-hosted.com", "Proofpoint Essentials"),
        ("d1.ess.barracudanetworks.com", "Barracuda"),
        ("mx1.hc1-2.iphmx.com", "Cisco"),
        ("cluster1.eu.messagelabs.com", "Symantec"),
        ("example.in.tmes.trendmicro.eu", "Trend Micro"),
        ("mta5.am0.yahoodns.net", "Yahoo"),
        ("mx.zoho.eu", "Zoho"),
        ("mx.yandex.net", "Yandex"),
        ("mxs.mail.ru", "mail.ru"),
        ("mx1.qq.com", "Tencent"),
        ("mx01.mail.icloud.com", "iCloud"),
        ("mailstore1.secureserver.net", "GoDaddy"),
        ("mx1.emailsrvr.com", "Rackspace"),
        ("mx1.mail.ovh.net", "OVH"),
        ("mx00.kundenserver.de", "IONOS"),
        ("mx00.ionos.com", "IONOS"),
        ("spool.mail.gandi.net", "Gandi"),
        ("mta-gw.infomaniak.ch", "Infomaniak"),
        ("mx1.hostinger.com", "Hostinger"),
        ("mx1.titan.email", "Titan"),
        ("mx1.privateemail.com", "Namecheap"),
        ("in1-smtp.messagingengine.com", "Fastmail"),
        ("mail.protonmail.ch", "Proton"),
        ("mx.antispamcloud.com", "SpamExperts"),
        ("mx1.hornetsecurity.com", "Hornetsecurity"),
        ("mx-01-eu-central-1.prod.hydra.sophos.com", "Sophos"),
        ("primary.fireeyecloud.com", "Trellix"),
        ("example.com.mail1.mxlogic.net", "McAfee"),
    ],
)
def test_the_providers_of_the_specification_are_known(mx: str, name: str):
    found = mail_host_of(mx)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("mx", ["mx1.example.com", "mx.notgoogle.com", "google.com.example.org", "", ".", "com"])
def test_other_hosts_are_nobodys(mx: str):
    assert mail_host_of(mx) is None


def test_case_and_the_dot_at_the_end_do_not_matter():
    assert mail_host_of("ASPMX.L.Google.COM.") == mail_host_of("aspmx.l.google.com")


def test_the_longest_suffix_wins():
    hosts = MailHosts.of([host("all", "mail.test"), host("part", "free.mail.test")])
    assert hosts.owner("mx.free.mail.test") == host("part", "free.mail.test")
    assert hosts.owner("mx.other.mail.test") == host("all", "mail.test")


def test_one_suffix_has_one_owner():
    with pytest.raises(ValueError, match=r"mail\.test"):
        MailHosts.of([host("one", "mail.test"), host("two", "mail.test")])


def test_hosts_that_accept_any_name_by_design_are_marked():
    accepting = {known.name for known in known_mail_hosts() if known.accepts_anything}
    assert accepting == {"Yahoo", "mail.ru"}


def test_the_file_is_in_order():
    hosts = known_mail_hosts()
    assert len({known.name for known in hosts}) == len(hosts)
    for known in hosts:
        assert known.group
        assert known.suffixes
        assert all(suffix == suffix.lower().strip(".") and "." in suffix for suffix in known.suffixes)
