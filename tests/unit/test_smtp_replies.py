"""What a mail server's reply says about a mailbox (email-verification, section 5).

The replies are in ``tests/replies.tsv``: a reply that was read wrongly is repaired by a line there first.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.mail_hosts import MailHost
from openenrich.core.smtp_replies import Probe, Reading, ReplyClass, SmtpReply, Stage, read_reply
from openenrich.verify.hosts import known_mail_hosts

HOSTS = {host.name: host for host in known_mail_hosts()}
SENDER, HELO, MX = "verify@probe.test", "mx.probe.test", "mx1.example.net"
ADA = "ada.quimby@example.com"
VERDICTS = {
    ReplyClass.NO_USER,
    ReplyClass.DISABLED,
    ReplyClass.FULL,
    ReplyClass.THROTTLED,
    ReplyClass.ACCEPTED,
    ReplyClass.ACCEPTS_ANYTHING,
}
ROWS = [
    pytest.param(*line.split("\t"), id=f"{number}-{line.split(chr(9))[2]}")
    for number, line in enumerate(Path(__file__).parents[1].joinpath("replies.tsv").read_text("utf-8").splitlines(), 1)
    if line and not line.startswith("#")
]
HOSTILE = [
    "spam.blocked",
    "policy.rejected",
    "user.unknown",
    "mailbox.full",
    "quota-exceeded",
    "grey.listed",
    "relay_denied",
    "no.such.user1",
    "sender.rejected",
    "account.disabled",
    "too-many.errors",
    "spf.fail",
]


def reply(text: str, recipient: str = ADA) -> SmtpReply:
    """A reply as it is written in the data: lines parted by slashes, holes for what servers repeat."""
    local, _, domain = recipient.rpartition("@")
    holes = {"rcpt": recipient, "local": local, "dom": domain, "from": SENDER, "helo": HELO, "ip": "192.0.2.10"}
    for name, value in holes.items():
        text = text.replace(f"{{{name}}}", value)
    lines = text.split(" // ")
    return SmtpReply(int(lines[-1][:3]), tuple(line[4:] for line in lines))


def read(text: str, stage: Stage = Stage.RCPT, recipient: str = ADA, host: MailHost | None = None) -> Reading:
    return read_reply(reply(text, recipient), stage, Probe(recipient, SENDER, HELO, MX), host)


@pytest.mark.parametrize(("kind", "stage", "host", "text"), ROWS)
def test_a_reply_is_read_as_what_it_says(kind: str, stage: str, host: str, text: str):
    found = read(text, Stage(stage), host=HOSTS.get(host)).kind
    if kind == "!":
        assert found not in VERDICTS, text
    else:
        assert found is ReplyClass(kind), text


def test_the_data_cover_every_class_and_most_hosts():
    assert {str(row.values[0]) for row in ROWS} >= {kind.value for kind in ReplyClass}
    assert len(ROWS) >= 150
    assert len({row.values[2] for row in ROWS}) >= 60


@pytest.mark.parametrize("local", HOSTILE)
def test_a_mailbox_with_the_words_of_another_class_in_its_name_is_read_as_any_other(local: str):
    for kind, stage, host, text in (row.values for row in ROWS):
        if "{rcpt}" in str(text) and kind != "!":
            found = read(str(text), Stage(str(stage)), f"{local}@example.com", HOSTS.get(str(host))).kind
            assert found.value == kind, text


@pytest.mark.parametrize(
    "text",
    [
        "550 5.1.1 <blocked@example.com>: Recipient address rejected: User unknown",
        "550 blocked: no such user",
        "550 5.1.1 blocked... User unknown",
        "550 No such user (blocked)",
        "550 5.1.1 Unknown user: blocked",
    ],
)
def test_a_mailbox_whose_whole_name_is_such_a_word_is_read_as_any_other(text: str):
    assert read(text, recipient="blocked@example.com").kind is ReplyClass.NO_USER


def test_a_mailbox_called_user_does_not_swallow_the_word():
    assert read("550 user unknown", recipient="user@example.com").kind is ReplyClass.NO_USER


def test_the_names_of_our_own_hosts_are_not_the_servers_words():
    probe = Probe(ADA, "verify@spam-policy.test", "blocked.spam-policy.test", "mx.spamhaus-fans.example")
    answer = SmtpReply(550, ("mx.spamhaus-fans.example says to blocked.spam-policy.test: no such user here",))
    assert read_reply(answer, Stage.RCPT, probe).kind is ReplyClass.NO_USER


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.RCPT])
def test_no_refusal_before_the_recipient_is_a_verdict_on_the_mailbox(stage: Stage):
    for row in ROWS:
        text = str(row.values[3])
        if text.rsplit(" // ", 1)[-1][0] in "45":
            assert read(text, stage).kind not in VERDICTS, text


def test_the_case_of_letters_does_not_matter():
    for kind, stage, _, text in (row.values for row in ROWS):
        if kind in {"U", "D", "F"}:
            lowered = str(text).lower().replace("resolver.adr.", "").replace("storedrv.", "")
            assert read(lowered, Stage(str(stage))).kind.value == kind, text


@pytest.mark.parametrize(
    ("lines", "enhanced"),
    [
        (("5.1.1 no such user",), "5.1.1"),
        (("#5.1.0 Address rejected.",), "5.1.0"),
        (("sorry, no mailbox here by that name (#5.1.1)",), "5.1.1"),
        (("sorry, no mailbox here by that name. (#5.1.1 - chkuser)",), "5.1.1"),
        (("5.1.1 one", "5.2.1 two"), "5.2.1"),
        (("5.1.1 one", "two"), "5.1.1"),
        (("5.1.1.7 is blocked",), None),
        (("no such user",), None),
        (("5.1.1",), "5.1.1"),
        ((), None),
    ],
)
def test_the_enhanced_code_is_the_last_one_said(lines: tuple[str, ...], enhanced: str | None):
    assert SmtpReply(550, lines).enhanced == enhanced


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("451 4.7.1 Greylisting in action, please come back in 00:05:00", 300),
        ("450 4.2.0 Greylisted, retry in 01:00:30", 3630),
        ("451 4.7.1 Greylisted for 5 minutes", 300),
        ("451 please try again in 300 seconds", 300),
        ("451 greylisted, wait 90s", 90),
        ("451 greylisted, retry in 1 hour", 3600),
        ("451 Graylisting: bitte in 10 Minuten erneut versuchen", 600),
        ("451 灰名单,请5分钟后重试", 300),
        ("451 Greylisted", None),
        ("451 greylisted, retry in 0 seconds", None),
        ("451 4.7.500 Server busy. Please try again later from [192.0.2.10]. (AS77712344)", None),
        ("550 greylisted for 5 minutes", None),
    ],
)
def test_the_time_that_a_host_asks_for_is_read(text: str, seconds: float | None):
    assert read(text).wait_s == seconds


@pytest.mark.parametrize(
    "text",
    [
        "554 192.0.2.10 has been temporarily blocked for attempting to mail too many invalid recipients. IB112",
        "554 5.7.1 Directory harvest attack detected",
        "550 Dictionary attack, go away",
        "550 5.7.1 Your IP was blocked for address probing",
        "421 4.7.0 Too many unknown users, you are blocked",
    ],
)
def test_a_host_that_blames_probing_itself_is_noticed(text: str):
    reading = read(text)
    assert reading.names_probing
    assert reading.against_us
    assert reading.kind in {ReplyClass.BLOCKED, ReplyClass.TEMPORARY}


@pytest.mark.parametrize(
    "text", ["550 5.1.1 No such user", "452 4.5.3 too many recipients", "550 5.7.1 blocked using x"]
)
def test_other_refusals_do_not_name_probing(text: str):
    assert not read(text).names_probing


@pytest.mark.parametrize(
    ("text", "against_us"),
    [
        ("554 5.7.1 Client host [192.0.2.10] blocked using zen.spamhaus.org", True),
        ("450 4.7.1 Client host [192.0.2.10] blocked using zen.spamhaus.org", True),
        ("550 csi.example.net Poor Reputation Sender.", True),
        ("554 5.7.1 <{rcpt}>: Recipient address rejected: Access denied", False),
        ("550 5.1.1 No such user", False),
        ("451 4.3.0 Temporary lookup failure", False),
    ],
)
def test_what_every_recipient_of_the_group_would_meet_is_told_from_the_rest(text: str, against_us: bool):  # noqa: FBT001 - a column of the table
    assert read(text).against_us is against_us


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("550 5.1.1 No such user", "no_such_user"),
        ("550 5.7.23 Message rejected due to: SPF fail - not authorized", "spf"),
        ("450 4.7.1 Client host rejected: cannot find your reverse hostname", "reverse_name"),
        ("504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname", "helo"),
        ("530 5.7.0 Must issue a STARTTLS command first", "tls_required"),
        ("550 5.1.8 <{from}>: Sender address rejected: Domain not found", "sender_refused"),
        ("554 5.7.1 Client host [192.0.2.10] blocked using zen.spamhaus.org", "blocklist"),
        ("550 csi.example.net Poor Reputation Sender.", "reputation"),
        ("452 4.5.3 Error: too many recipients", "too_many_recipients"),
        ("554 5.7.1 <{rcpt}>: Relay access denied", "relay_denied"),
        ("250 2.1.5 Ok", "accepted"),
        ("550 5.5.0 Something happened", "unclear"),
    ],
)
def test_a_reading_says_why_in_one_word(text: str, reason: str):
    assert read(text).reason == reason


@pytest.mark.parametrize(
    "text",
    [
        "501 5.1.3 Bad recipient address syntax",
        "553 5.6.7 <{rcpt}>: Non-ASCII addresses not permitted",
        "500 Syntax error",
        "550 Internationalized addresses are not supported",
    ],
)
def test_a_host_that_cannot_write_the_local_part_says_nothing_about_it(text: str):
    reading = read(text, recipient="jürgen@example.com")
    assert (reading.kind, reading.reason) == (ReplyClass.UNCLEAR, "smtputf8_not_offered")
    assert read("550 5.1.1 no such user", recipient="jürgen@example.com").kind is ReplyClass.NO_USER


def test_a_yes_of_a_host_that_accepts_any_name_is_worth_nothing():
    host = MailHost(name="Any", group="any", suffixes=("mail.test",), accepts_anything=True)
    assert read("250 OK", host=host).kind is ReplyClass.ACCEPTS_ANYTHING
    assert read("550 5.1.1 no such user", host=host).kind is ReplyClass.NO_USER
    assert read("250 OK").kind is ReplyClass.ACCEPTED


def test_a_host_known_to_greylist_needs_no_words_for_it():
    host = MailHost(name="Grey", group="grey", suffixes=("mail.test",), greylists=True)
    assert read("451 Account service is unavailable", host=host).kind is ReplyClass.GREYLISTED
    assert read("451 Account service is unavailable").kind is ReplyClass.TEMPORARY
    assert read("452 4.2.2 mailbox is full", host=host).kind is ReplyClass.FULL
    assert read("550 Account service is unavailable", host=host).kind is not ReplyClass.GREYLISTED


def test_a_code_of_four_hundred_is_not_for_good():
    assert not read("450 4.1.1 user unknown").permanent
    assert read("550 5.1.1 user unknown").permanent
    assert not read("452 4.2.2 mailbox full").permanent
    assert read("552 5.2.2 mailbox full").permanent


@given(code=st.integers(0, 999), lines=st.lists(st.text(max_size=300), max_size=4), stage=st.sampled_from(Stage))
def test_any_reply_has_a_class(code: int, lines: list[str], stage: Stage):
    reading = read_reply(SmtpReply(code, tuple(lines)), stage, Probe(ADA, SENDER, HELO, MX))
    assert reading.code == code
    assert (reading.kind in {ReplyClass.ACCEPTED, ReplyClass.ACCEPTS_ANYTHING}) == (200 <= code < 300)


@given(
    text=st.lists(
        st.sampled_from(
            ["user", "mailbox", "address", "not", "unknown", "is", "the", "has", "no", "of", "full", "your", "ip", ":"]
        ),
        max_size=400,
    ).map(" ".join)
)
def test_endless_replies_are_read_in_no_time(text: str):
    read_reply(SmtpReply(550, (text,)), Stage.RCPT, Probe(ADA, SENDER, HELO, MX))
