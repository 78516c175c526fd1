# ruff: noqa: E501 - one expression a line reads as the table that it is
"""Families of words by which replies of mail servers are told apart, over the text that `reply_text` leaves.

One regular expression a line; the other languages are in `reply_tongues`. Which family is asked first is decided in
`smtp_replies`: many texts have words of several.
"""

import re
from typing import Final

from openenrich.core import reply_tongues
from openenrich.core.reply_text import GREETING, MAILBOX, NETWORK, OTHER
from openenrich.core.reply_text import SENDER as US

Family = re.Pattern[str]


def _family(*tables: str) -> Family:
    lines = (line.strip() for table in tables for line in table.splitlines())
    return re.compile("|".join(f"(?:{line})" for line in lines if line))


_MARK: Final = f"[{MAILBOX}{US}{GREETING}{NETWORK}{OTHER}]"
_ADDRESS: Final = r"(?<!ip )(?<!network )(?<!sender )(?<!sender's )(?<!sending )(?<!your )(?<!from )(?<!return )(?<!source )(?<!client )address(?:es)?"
_WHO: Final = rf"(?:users?|recipients?|rcpt|receiver|addressee|mail ?box(?:es)?|mail ?drop|mail account|inbox|accounts?|{_ADDRESS}|local ?part|alias|customer|subscriber|person|member|login|username|destination|{MAILBOX})"
"""What a reply is about when it is about a mailbox."""

# --- The sender and the session (class S), by reason --------------------------------------------------------------
_SENDER_IP: Final = rf"(?!(?:'s)? ?(?:ip|server|host|mta|reputation|network|rate|limit)|\W{{0,2}}{NETWORK})"
_REFUSED: Final = r"(?:reject|refus|den(?:y|ied)|invalid|not |un\w+|block|fail|forbid|disallow|could|cannot|can't|does|do not|must|missing|no |require|is |was |has |should|too )"

SPF: Final = _family(r"\bspf\b|sender policy framework|sender ?id\b|\bmfrom\b")
DKIM: Final = _family(r"\bd ?kim\b")
DMARC: Final = _family(r"\bdmarc\b")
REVERSE_NAME: Final = _family(
    r"""
    reverse[ -]?(?:dns|host|lookup|name|mapping|record|resol|ip\b|address lookup|entry|zone)|\bptr\b|\b(?:r ?dns|fcr ?dns)\b|forward[ -]confirm
    (?:find|resolve|verify|determine|look ?up|get|identify) your (?:reverse |host|domain|name|dns|address|ip)|mismatch\w* (?:the )?client|your (?:reverse|hostname|dns)
    name lookup fail|possibly forged|\bno dns (?:entry|record)|generic (?:dns|ptr|name|hostname)|inverse (?:dns|address|name|lookup)
    (?:host ?name|client host|ip address|server).{0,40}(?:does(?:n't| not) (?:resolve|match)|unresolvable|not resolv|mismatch)|bad dns
    rdns|enregistrement ptr|resolution inverse|обратн\w+ (?:зон|запис|dns)|反向|逆引き|역방향
    """
)
GREETING_WORDS: Final = _family(
    rf"\b(?:ehlo|helo)\b|{GREETING}\W{{0,4}}(?:(?:is|was|has|been|does|could|your|host|name|domain|rejected)\W{{1,3}}){{0,3}}(?:reject|refus|invalid|not |unknown|fail)|fully ?qualified (?:host|domain)|greeting"
)
TLS: Final = _family(
    r"""
    start ?tls|\btls(?:v?1|\b)|\bssl\b|(?:requir|must|need|only|without|mandatory|enforce|not)\w* .{0,30}(?:encrypt|secure (?:connection|channel|transport))
    encryption .{0,20}(?:needed|required|mandatory|must)|encrypted (?:connection|session|channel)|unencrypted
    """
)
AUTHENTICATION: Final = _family(
    r"authenti[cf]|\bauth\b|not logged in|log ?in first|please log ?in|must log ?in|pop before smtp|check.?mail first"
)
SENDER_WORDS: Final = _family(
    rf"""
    (?:sender|envelope from|mail ?from|return ?path|reverse ?path|originator|from address|from domain|from header|from field|header from){_SENDER_IP} ?(?:{_MARK} ?)?(?:\W ?)?(?:email |mail )?(?:(?:address|domain|host|name|mailbox|account|user|verif|call|check|identity|authori[sz])\w*|{_REFUSED})
    \bnull sender|(?:null|empty|blank|missing|no) (?:sender|return ?path|reverse ?path|envelope|mail ?from|from)|(?:bounce|dsn|mailer daemon)s? .{{0,30}}not (?:accept|allow|permit)
    (?:invalid|bad|unknown|unverif\w+|unresolvable|illegal|non ?existent|wrong|unauthori[sz]ed|disallowed|unroutable|unrouteable|rejected|blocked|refused|denied|malformed|fake|forged) (?:envelope |mail )?(?:sender{_SENDER_IP}|return ?path|mail ?from|from\b|originator)
    (?:domain|address|owner|existence) of (?:the |your )?(?:envelope )?sender|sender'?s (?:e?mail |envelope )?(?:address|domain|mailbox|identity)|sending (?:domain|address|user)|(?:verify|verif\w+|validate|validat\w+|check|checking|trust) (?:the |your |of )?(?:envelope )?sender{_SENDER_IP}
    your (?:envelope |sender |e ?mail |mail |from |return )*(?:sender|email|e ?mail|domain|mail ?from|from address|address|return ?path)(?! (?:server|ip|host|system|service|provider)).{{0,60}}(?:reject|refus|den|invalid|not |fail|does|unknown|blocked|no |unable|must|could|can't|cannot)
    spoof|forged|impersonat|masquerad|pretend|\bbatv\b|backscatter|\bdsns?\b|returned mail|third party (?:bounce|mail)|members? only|non ?members?|not subscribed|bogus|from: domain|empty email address|accepting mail from specific|(?:use|using|claim\w*) (?:of )?(?:our|my|local|internal|this) domain|send\w* (?:as|from) (?:our|my|a local|local|internal|this|own) (?:domain|user|address)
    {US}.{{0,60}}(?:reject|refus|den(?:y|ied)|invalid|not (?:found|exist|valid|allow|accept|permit|authori)|no such|does(?:n't| not)|unknown|verif|fail|block|unable|cannot)|(?:reject|refus|den(?:y|ied)|invalid|verif|unknown|sender)\w*\W{{0,3}}{US}
    sender not |send as th|not (?:in|on) (?:the )?allowed senders|only (?:accept|allow|receive)s? .{{0,40}}(?:from (?:authori|internal|known|trusted|local|specific|certain)|senders)|only .{{0,30}}senders
    domain (?:in|of) (?:the )?(?:from|sender|mail from|return path|envelope)|recognize (?:the |your )?sender|unknown sender|who you are|envelope sender
    """,
    reply_tongues.SENDER,
)
RELAY_DENIED: Final = _family(
    r"""
    relay(?:ing|s|ed)?\b(?! (?:recipient|domain|user|table|map|server|host \S+ (?:said|refused)|pool))(?=.{0,60}(?:den(?:y|ied)|not |prohibit|refus|reject|forbid|disallow|disabled|un\w+ed|no\b|n't|fail|error|access|closed|block|restrict|for|$))
    (?:not|n't|unable|cannot|can't|never|denied|refuse|deny|no|prohibit|forbid|disallow)\w* (?:\w+ ){0,5}relay(?! (?:recipient|domain|user|table|map|pool))|open relay
    not (?:in|on|within|one of) (?:my|our|the|your) (?:list of )?(?:allowed )?(?:rcpt ?hosts|rcpthosts|local domains|relay)|rcpt ?hosts|isn't in my list of
    """
)
NOT_HOSTED: Final = _family(
    rf"""
    (?:unknown|no such|invalid|bad|non ?existent|un(?:rout(?:e?able)?)\w*|unresolvable|undefined|unrecogni[sz]ed|foreign|unsupported|illegal|wrong|no) (?:mail |recipient |recipient's |destination |rcpt |local |target |email |hosted )?(?:domain|host(?! ?name)|tenant)\b
    (?:domain|tenant|host)s?\b(?: name| part| {_MARK}| of \w+| in \w+| for \w+)*\W{{0,3}}(?:{_MARK} ?)?(?:is |was |has |are |do |does |could )?(?:not |n't |isn't |doesn't |un|no |been )*(?:found|hosted|local\b|here|served|handled|accepted|valid|exist|configured|known|recogni[sz]ed|defined|in (?:my|our)|on this|ours|listed|provisioned|registered|supported|available|allowed|permitted|routable|deliver|receiv|active|setup|set up|administer|managed)(?<=[a-z])
    (?:not|n't|never|no longer) (?:\w+ ){{0,4}}(?:accept|handle|host|serve|take|receive|deliver|process|service|support|provide|configured)\w* (?:\w+ ){{0,3}}?(?:e ?mail|mail|messages?)?(?: \w+)? ?(?:for|to) (?:this|that|the|your|such|recipient)? ?(?:domain|host|{OTHER})
    (?:not|n't|isn't) (?:a |an |one of |our |my |the |any |in |hosted |configured )*(?:local|hosted|relay|our|my|known|valid|accepted|served|managed|recipient|destination) (?:domain|host)|not (?:our|my) domain|not a (?:local|valid) (?:mail )?(?:domain|host)|local domains? only
    (?:host|server|system|service|machine|domain|site|{OTHER}|we|it|gateway)s? (?:do|does|will|is|are)(?: not|n't) (?:accept|receive|accepting|receiving|take|process|handle|a)\w* (?:any |incoming |inbound |internet |smtp |such |e)*(?:e ?mail|mail|messages?)(?! (?:from|with|without|that|to (?!this domain)))
    no ?domain\b|^\W*{OTHER} (?:does not|doesn't) exist|domain mentioned in .{{0,20}}unknown|{OTHER} (?:is |are )?not (?:hosted|served|handled|local|configured|accepted)|non local (?:e ?mail )?(?:address|domain|recipient)|non accepted domain|gateway user|tenant ?attribution|hosted tenant which has no mail enabled|tenant .{{0,30}}not found|null mx|not (?:a )?mail (?:server|exchanger|exchange) for|no mail (?:service|server|host|exchanger) (?:here|for|at)|not configured to (?:accept|receive|relay) .{{0,20}}(?:domain|{OTHER})|user not local;? .{{0,20}}relay|local users? only|no smtp mx only|delivery is not allowed to this address
    domain .{{0,60}}(?:isn't|not|n't) in my list|do not (?:serve|host|handle|know) (?:this|that|your|the|mail for)
    """,
    reply_tongues.NOT_HOSTED,
)

# --- Limits of the session (class L) ------------------------------------------------------------------------------
SESSION_LIMIT: Final = _family(
    r"""
    too many (?:\w+ )?(?:\w+ )?(?:recipient|rcpt|destination|addressee)|too much recipient|too many (?:\w+ )?(?:\w+ )?(?:error|mistake|command|failure|rejection|unknown user|reset|rset|noop|bad)
    (?:maximum|max|limit|number)\w*\b.{0,40}\b(?:recipients|rcpts|rcpt to|rcpt's)\b.{0,40}(?:exceed|reach|allow|per|in (?:one|a)|limit)|(?:recipients|rcpt|recipient) (?:limit|count|number|maximum)\b.{0,20}(?:exceed|reach)|exceed\w* .{0,30}(?:number|limit|maximum|max) of (?:allowed )?(?:recipients|rcpt)
    \b(?:only )?(?:one|1|single) (?:recipient|rcpt|destination|address)\b|multiple (?:recipients|destination|domains)|recipients belong to|another (?:connection|session|transaction|message) for
    too many (?:\w+ )?(?:message|mail|email|transaction)s? (?:\w+ )?(?:in|for|on|during|per|sent (?:in|on|over)) (?:this|one|a|the|single|your)? ?(?:smtp )?(?:session|connection)|(?:message|transaction|session|mail|messages per (?:session|connection))s? limit .{0,20}(?:exceed|reach)
    (?:max|maximum|limit)\w* .{0,30}(?:per|in (?:one|a|this)) (?:session|connection|transaction)|too long|session (?:time|too|limit)|error limit
    """,
    reply_tongues.LIMIT,
)
PROBING: Final = _family(
    r"""
    too many (?:\w+ )?(?:invalid|unknown|bad|non ?existent|incorrect|undeliverable|wrong|unverified|rejected|not found|failed|illegal|nonexisting) (?:recipient|user|address|mail|rcpt|local|account|destination)
    excessive (?:\w+ )*(?:invalid|unknown|bad|non ?existent|undeliverable|recipient)|director(?:y|ies) (?:harvest|attack)|harvest|dictionary (?:attack|spam)|\bdha\b|name ?space mining|brute ?force
    (?:address|recipient|e ?mail|user|mailbox|account)s? (?:prob|enumerat|scan|guess|mining|discover|verification (?:attempt|abuse|service|tool)|validation (?:attempt|service|tool))|\bprob(?:e|es|ing)\b|trolling|list ?wash
    (?:invalid|unknown|bad|non ?existent)(?: \w+)? (?:rate|ratio|percentage|count|limit|threshold)|(?:rate|percentage|number|ratio|amount|lots?) of (?:\w+ )?(?:invalid|unknown|bad|non ?existent|undeliverable)|(?:invalid|unknown|bad) (?:recipient|user|address|mailbox)\w*.{0,20}(?:threshold|limit|exceed|rate)
    (?:call ?out|callback|vrfy)s? .{0,30}(?:abuse|not (?:allow|permit|welcome)|block)
    """
)
ATTACK: Final = _family(r"attack|harvest|prob(?:e|es|ing)\b|mining|brute ?force|enumerat|abuse")

# --- Against our address or our behaviour (class P), by reason ----------------------------------------------------
_HIS: Final = r"(?:its|the|his|her|their|my|of|a|maximum|allowed|storage|disk|mail|mailbox|user|space|message|size|configured|available|personal|account|local|total) "
BLOCK_LIST: Final = _family(
    rf"""
    (?:block|deny|black|reject|abuse|drop|bad|ban|stop|ip|reputation|threat|spammer)[ -]?lis(?:t|ts|ted|ting)\b|(?<!not )(?<!n't )(?<!un)\b(?:listed|found|present|appears?|included) (?:at|in|on|by|with) (?:the |a |an |our |some |several |multiple |one |more )*(?:{_MARK}|\w+ ?(?:bl|rbl|dnsbl|list|database|blocklist))(?! ?(?:directory|domino))
    \bis (?:currently |still |also )*listed\b|\brbls?\b|\bdnsbl\b|dynamic(?:ally)? ?(?:ip|address|host|pool|range|assign|allocat|dns)|dial ?up|residential|\bdul\b|not (?:on|in) (?:our|the|my|a) (?:white|allow|access|permit)[ -]?list|not white ?listed
    """
)
REPUTATION: Final = _family(
    r"reputation|senderscore|sender ?base|trust(?:worth|ed ?source)|bad neighbou?r|poor standing|\bwarm(?:ing)?[ -]up"
)
RATE: Final = _family(
    rf"""
    rate ?-?limit|(?:rate|frequency|volume|traffic) .{{0,20}}limit|\bthrottl|(?:connection|message|sending|mail|email|ip|command|smtp|sender|hourly|daily|request)s? (?:rate|frequency|volume|limit)\b|(?:sending|daily|hourly|sender|outgoing|connection) (?:\w+ )?quota|frequen(?:cy|tly).{{0,10}}limit|unusual (?:rate|volume|amount|traffic)|unexpected volume|high (?:rate|volume|amount)|excessive (?:rate|volume|mail|message|connection|traffic|use)
    too (?:many|much) (?:\w+ )?(?:\w+ )?(?:connection|session|message|mail|email|traffic|request|attempt|thread|process|smtp|transaction|concurrent|simultaneous|sender|complaint)s?\b(?! on the server| in (?:the )?(?:mail|in)box)|too (?:fast|frequent|quick|often)\w*.{{0,30}}(?:connect|send|from you|from this|{NETWORK})|(?:concurrent|simultaneous|concurrency) (?:smtp )?(?:connection|session|limit)|connections? (?:\w+ )?(?:limit|exceed|from (?:your|this|same))
    (?:exceed|reach)\w* .{{0,60}}(?:per|every|an|in one|within) ?(?:\d+ )?(?:second|minute|hour|day|connection|ip)|max(?:imum)?(?: number of)? (?:connection|session|concurren|client)|slow down|user complaint|complaints?\b|temporarily (?:rate|deferred due)|unusual rate
    """
)
SPAM: Final = _family(
    r"""
    \bspam|unsolicited|\bjunk|\bbulk\b|\bu[cb]e\b|\babus(?:e|ing|ive)|malware|\bvirus|phish|botnet|\bbots?\b|zombie|suspicious|suspect|malicious|trojan|\bscam|fraud|hacked|compromised|infected|\bhoneypot|spamtrap|likely unwanted|unwanted
    """
)
POLICY: Final = _family(
    rf"""
    \bpolic(?:y|ies)\b|prohibit|forbidden|administrati(?:ve|vely)(?! (?:contact|assist))|\bbann?(?:ed|s)?\b|\bfirewall|\bgeo ?(?:ip|block|locat)|countr(?:y|ies)|not welcome|go away|open proxy|\bproxy\b|protected by|smtp server of your|organi[sz]ation(?:al)? (?:settings|rule)|mass mail|requires confirmation|\bcaptcha|no smtp service|quarantin|\bembargo
    \bblock(?:ed|ing|s|age)?\b(?!\W{{0,2}}(?:limit|quota))|(?:message|mail|email|content|connection|envelope|session|e ?mail) (?:content |was |has been |is |being )*(?:filtered|denied|prohibited|disallowed|restricted|quarantined)|content (?:filter|reject|den|restrict)|filter(?:ed|ing)? (?:by|rule|engine|match)|client host {_MARK}* ?rejected|(?:delivery|access) (?:is )?restricted
    """,
    reply_tongues.BLOCKED,
)
AGAINST_OUR_ADDRESS: Final = _family(
    rf"""
    your (?:ip|server|host|network|mail ?server|isp|mta|system|connection|smtp|computer|machine|client|access)\b.{{0,80}}(?:reject|refus|den(?:y|ied)|not |block|ban|list|restrict|disallow|prohibit|limit|poor|bad|low|suspend|untrust|dynamic)|(?:from|of) your (?:ip|server|host|network)|sending (?:ip|mta|server|host|system)|{NETWORK}.{{0,40}}(?:not (?:allow|accept|permit|welcome|authori)|reject|refus|den(?:y|ied)|block|ban|problem)|(?:reject|refus|den(?:y|ied)|not allow\w*|not accept\w*|connections?|mail|messages?) (?:\w+ )?from \W?{NETWORK}
    \bip=.{{0,60}}\((?:bl|nowl|dul)\)|\((?:bl|nowl|dul|dnsbl)\)|\bs31[45]0\b|ip (?:is )?(?:rejected|refused|not allowed|denied|blocked|banned)
    """
)
BLOCK_TAG: Final = re.compile(
    r"\[(?:TSS?|BL|CS|HM|IPTS|RL|PH|BB|DYN|AUP|IPR|IPSO)\d*\]|\((?:RTR|HVU|DYN|CON|RLY|IPSO):\w+\)|\bRTR:\w\w|\bIB\d{3}\b|\bCX(?:BL|DNS|THRT|SNDR|MJ|CONN)\b|\bAUP#|"
    r"\b(?:DT|MI|RP|HL|CO):[A-Z]{3}\b|\b(?:SC|DY|OU|RP)-00\d\b|\b(?:BL|RL|PH|PT)0{2,}\d+\b|\bOFR_?(?:00\d_)?(?:1|2|5)\d\d\b|\bLPN\d*_(?:1|2|5)\d\d\b"
)
"""Marks that some providers put on their blocks; read before the text is folded."""
GREY_TAG: Final = re.compile(r"\[GL\d*\]|\bGREY\b")
DENIED: Final = _family(
    r"""
    access (?:to \w+ (?:\w+ )*)?(?:is |was |has been )?(?:denied|rejected|refused)|den(?:ied|ies|y)\b|not (?:allowed|permitted|authori[sz]ed|accept|accepted|accepting|wanted|welcome)|unauthori[sz]ed|disallow|no access|restrict|permission|will not accept|(?:not|n't) (?:accept|allow|want|wish|permit|receive)|service (?:not available|unavailable)
    """
)

# --- Waiting (class G) --------------------------------------------------------------------------------------------
GREYLISTED: Final = _family(
    r"""
    gr[ea]y[ -]?(?:list|wait|trap|milter|filter|delay)|post ?grey|\bsqlgrey|\bgreyed?\b|(?:address|recipient|sender) verification in progress|verification (?:is )?in progress|internal resources? (?:are|is|was) temporarily unavailable
    \bserver (?:is )?busy\b|first (?:time|contact|attempt|seen|connection|delivery)|(?:new|unknown|unseen) (?:sender|triplet|relationship|connection|contact).{0,40}(?:later|retry|again|wait|defer)|not yet (?:authori[sz]ed|white|known|allowed|verified|accept)|triplet|(?:retry|minimum|embargo) (?:time|period|interval|timeout).{0,20}(?:not|has)|come back (?:later|in|again)|early (?:retry|retri)|too (?:early|soon)
    (?:try|retry|retr(?:y|ies)|come back|again|wait|back|resend|deferred|delayed)\b.{0,30}\b(?:in|after|for|another|at least|within)\b.{0,15}\d+ ?(?:s\b|sec|m\b|min|h\b|hour|:)|\b(?:in|wait|after) \d+ ?(?:s\b|sec|min)
    """,
    reply_tongues.GREYLISTED,
)
GREY_WORD: Final = _family(r"gr[ea]y[ -]?list|\bgr[ea]yed", reply_tongues.GREYLISTED)
TRY_AGAIN: Final = _family(
    r"(?:try|retry|retrying|resend|come back|call back)\b.{0,20}(?:again|later|$)|again later|please (?:try|retry)"
)
OUR_FAULT: Final = _family(
    r"error|fail|fault|problem|resource|lookup|timeout|timed out|busy|load|unavailable|internal|system|service|database|ldap|storage|disk|overload|shut|local|resolve|dns|queue"
)

# --- The mailbox (classes F, X, D, U) -----------------------------------------------------------------------------
SENDING_QUOTA: Final = _family(
    r"(?:send|sender|daily|hourly|outgoing|outbound|connection|ip|rate|your)(?:ing|'s)? (?:\w+ )?(?:quota|limit)|quota .{0,20}(?:for|of) (?:sender|sending|your|this ip)|per (?:hour|day|minute|second)"
)
FULL: Final = _family(
    rf"""
    (?:over|exceed\w*|out of|past|above|beyond|reached|hit|no|violat\w+|surpass\w*) (?:{_HIS}){{0,4}}quota|quota\b.{{0,40}}(?:exceed|full|reach|exhaust|overr|excess|violat|used up|over\b|limit|surpass|insufficient|unavail)|\boverquota|\bquota ?exceed|exceed\w* .{{0,30}}\bquota|\b(?:user|mailbox|disk|recipient|inbox|account) quota\b|(?:blocks?|inode|bytes|files?) limit exceeded
    (?:mail ?box|inbox|mail ?drop|account|recipient|user|mail ?dir|mail ?folder|storage|mail ?store|spool|box|{MAILBOX})\b.{{0,40}}\bfull\b|\bfull (?:mail ?box|inbox)|^\W*full\W*$|mailfull|mailbox ?full
    (?:mail ?box|inbox|recipient|user|account|storage|mail ?store|{MAILBOX})(?:'s)?\b.{{0,60}}(?:out of|no more|no|insufficient|not enough|exceed\w*|over|lacks?|low on|reached|maxed|at) (?:{_HIS}){{0,4}}(?:storage|space|disk|size|capacity|allocation|limit(?!s? (?:of|on) (?:message|mail|connection|recipient)))
    (?:out of|insufficient|not enough|no more|no) (?:mail ?box|inbox|user|recipient|recipient's|user's|account|mail ?store) (?:storage|space|disk|quota)|exceed\w* (?:storage|mailbox|disk) (?:allocation|limit|size|space|quota)|exceed\w* storage|storage (?:allocation|limit|quota|space) (?:is |was |has been )?(?:exceed|full|reach)|mail ?box (?:size|space|storage|limit|capacity) (?:limit )?(?:exceed|reach|is full|full)|(?:mail ?box|inbox) (?:is |has )?(?:overflow|over ?full|overfull|over limit|over its limit|over the limit|too full|too large|stuffed)
    (?:not |n't )(?:have )?enough (?:storage |disk |free )?space|space has been used|too many messages (?:on the server|in (?:the )?(?:mail|in)box)|(?:too (?:large|big) (?:for|to (?:fit|store)) .{{0,20}}mail ?box|(?:no|not enough|insufficient) (?:\w+ )?(?:space|room|storage) .{{0,30}}(?:mail ?box|inbox|user|recipient|account|{MAILBOX}))
    """,
    reply_tongues.FULL,
)
SERVER_STORAGE: Final = _family(
    r"system storage|no space left on|(?:insufficient|not enough|low|out of|no) (?:system |server |free )?(?:disk|storage|space)|disk (?:is )?full|queue (?:is )?full|spool (?:is )?full|server (?:is )?(?:full|out of)|out of memory|insufficient (?:system )?resource"
)
THROTTLED: Final = _family(
    rf"""
    receiv\w+ (?:e ?)?(?:mail|message)s? (?:\w+ ){{0,2}}(?:too (?:quick|fast|many|often)|at a rate)|(?:recipient|user|mailbox|account|{MAILBOX})\b.{{0,60}}receiv\w* .{{0,30}}(?:too (?:many|much|quick|fast)|limit|rate)|recipient (?:thread|rate|message|delivery|concurrency|connection|session)s? (?:rate )?limit|(?:rate|receiv\w+|message|delivery) limits? (?:of|for|on|to) (?:the |this )?(?:recipient|user|mailbox)
    recipient'?s? .{{0,40}}(?:per (?:hour|day|minute)|hourly|daily|receiv\w+ (?:rate|limit|quota)|message rate)|(?:mailbox|recipient|user|account) (?:is |has )?(?:exceed\w*|too|over|being|reached) .{{0,40}}(?:rate|per (?:hour|day|minute)|too quickly|receiv|throttl)|(?:mail ?box|recipient|inbox|account) (?:is )?(?:\w+ )?(?:throttled|rate ?limited|receiving too)|recipient (?:is )?over (?:rate|limit)|too (?:many|much) (?:mail|message|email)s? (?:\w+ )?(?:for|to) (?:this|the|that|your)? ?(?:recipient|user|mailbox|account|{MAILBOX})|storedrv.{{0,60}}(?:thread|concurren|limit exceed)|mailbox server is too busy
    """
)
_OUT_OF_USE: Final = r"\b(?:inactiv\w*|in active|disabl\w*|suspend\w*|discontinu\w*|deactivat\w*|de activat\w*|frozen|freez\w*|locked|closed|terminat\w*|cancel\w*|expired|delet\w*|deprovision\w*|decommission\w*|retired|revoked|archived|removed|dormant|abandoned|shut ?down|deceased|barred|withdrawn|not active|isn't active|non active|not in (?:use|service)|not enabled|not activated|unactivated|not accepting (?:any )?(?:mail|message|new)s?\b(?! (?:from|with|over|by|for))|no longer (?:in use|in service|active|used|employ|work|maintain|monitor|with|at\b|available due|part|open|enabled)|(?:no longer|not (?:currently )?) ?(?:accept|receiv)(?:s|es|e|ing)? (?:any |new )*(?:e ?mail|mail|message)s?\b(?! (?:from|with|over|by|for))|does(?:n't| not) (?:currently |any ?more )?(?:accept|receive) (?:any |incoming |new |more )?(?:e ?mail|mail|message)s?\b(?! (?:from|with|over|by|for))|out of (?:use|service)|has (?:left|retired|departed)|out of order|turned off|switched off)"
DISABLED: Final = _family(
    rf"""
    (?<!your )(?<!your email )(?<!your mail )(?<!sender )(?<!sender's )(?<!\w){_WHO}(?!\w)(?:'s| {MAILBOX}| name| {OTHER}| address| account| mailbox| of \S+| for \S+| you \w+ (?:\w+ ){{0,4}}(?:reach|contact|mail)){{0,6}}+\W{{0,4}}+(?:[a-z']+[:,;]? (?:{MAILBOX} )?){{0,6}}?{_OUT_OF_USE}
    {_OUT_OF_USE} (?:e ?mail )?(?:users?|recipient|mail ?box|account|email|{_ADDRESS}|alias)\b|(?:user|person|employee|he|she) (?:\w+ )?(?:is )?no longer (?:with|at|work|employ)|has left (?:the |our )?(?:company|organi[sz]ation)
    (?:mail ?box|account|user|inbox|recipient)(?:'s (?:account|mail ?box))? (?:(?:has|have|is|was|been|being|currently|temporarily|permanently) )+blocked(?!.{{0,3}} (?:by|using|from|for|at|because|due to (?!\w* ?inact)))|^\W*(?:mail ?box|user|account) (?:is )?blocked\W*$|blocked due to (?:\w+ )?inactiv
    ^\W*(?:mail ?box |account |user )?(?:inactive|disabled|suspended|deactivated|expired|closed|discontinued|frozen)\W*$|no longer (?:employed|in use|active|in service)|due to (?:\w+ )?inactivity|(?<!your )(?<!your email )(?:domain|account)\b .{{0,30}}(?:suspended|expired)|suspended for (?:billing|non ?pay)
    """,
    reply_tongues.DISABLED,
)
_MISSING: Final = r"(?:unknown|not (?:\w+ )?(?:found|known|exist|exists|recogni[sz]ed|valid|registered|a valid|a known|an? (?:existing|active|valid|local|our)|our|local|here|present|defined|in (?:our|the|my|this|directory|database|system|file|list)|on (?:this|our)|deliverable|configured|provisioned|resolv|one of|ok\b)|does ?(?:n['o]?t|not) (?:\w+ )?(?:exists?|appear|match)|does(?:n't| not) have (?:a|an|any|this|that|such) (?!permi|right|auth)|do(?:es)?n?'?t exist|do not exist|did not (?:resolve|match)|dosn't exist|isn't (?:\w+ )?(?:valid|known|found|here|registered|recogni|a |an |in )|no longer (?:exist|valid|available|here|on)|nonexist|non ?exist|in ?valid|incorrect|undefined|undeliverable|unrout|un ?recogni|unregistered|no such|cannot be found|can't be found|could ?(?:n't| not) be (?:found|resolved|located|deliver)|couldn't be (?:found|located)|never existed|wrong\b(?! (?:region|password|host|server|port))|illegal|has no (?:mail|account|such|valid|home|record)|not existed|not exit|absent|unverifiable|missing home|has (?:moved|changed|been replaced))"
_ABOUT: Final = r"(?:(?:or|and|a|an|the|this|that|your|our|in|of|to|by|any|invalid|illegal|inactive|unknown|disabled|deactivated|incorrect|nonexistent|valid|known|active|local|real|existing|registered|matching|virtual|unix|system|recipient|recipient's|destination|envelope|rcpt|to|final|target|intended|mail|email|e|internet|smtp|mailbox|account|user|domain|name|part|id|other|named|single) ){0,4}"
NO_USER: Final = _family(
    rf"""
    (?<!\w){_WHO}(?!\w)(?:'s| {MAILBOX}| {OTHER}| name| address(?:es)?| account| mailbox| id| part| of \S+| for \S+| in \S+| at \S+| you \w+ (?:\w+ ){{0,4}}(?:reach|contact|enter|specif|mail)\w*| with \w+ (?:\w+ )?| specified| given){{0,6}}+\W{{0,4}}+(?:(?:that|which|this|is|was|were|are|has|have|been|be|the|address|rejected|refused|error|name|email|user|mailbox|account|recipient|verify|verification|failed|appears?|seems?|to|marked|as|currently|you|entered|sorry|host|said|could|can|may|might|either|{MAILBOX}|{OTHER}|by|here|on|a|rcpt|in|e ?mail)\W{{0,3}}+){{0,12}}{_MISSING}
    (?:unknown|no such|no|not|invalid|in valid|non ?existent|nonexisting|non ?existing|undefined|bad|incorrect|wrong|unrecogni[sz]ed|unregistered|undeliverable|illegal|unroutable|unrouteable|inexistent|unresolvable|unverifiable|never heard of|cannot find|can't find|unable to find|couldn't find|could not find|don't know|do not know|not find|does not have|doesn't have|have no|don't have|unknow|not known) {_ABOUT}(?:users?\b|recipients?\b|rcpt|receiver|addressee|mail ?box|mail ?drop|accounts?\b|{_ADDRESS}|local ?part|alias|customer|subscriber|person|member|login|username|individual|{MAILBOX})(?!\w)(?! (?:verification failed for sender|agent|rights?|permission|allowed|authori|to send|may|can\b))
    no (?:one|body) (?:\w+ )?(?:here|by that|with that|at)|no mail ?box|by that name|not our customer|no such (?:\w+ )?(?:user|person|mailbox|recipient|address|account|name|alias|email|local)|unrout(?:e)?able address|mailing list expansion problem|user ?unknown|unknown ?user|invalid ?recipient|invalid ?mailbox|not a valid (?:rfc|recipient|mailbox|address|user|email)|does not like recipient|bad destination mailbox|there is (?:either )?no (?:mailbox|user|account|such)|has no mailbox|not listed in (?:\w+ )*(?:\W )?(?:\w+ )*?(?:directory|book|list)|not in (?:\w+ )*(?:directory|address book)|not on file|could not be delivered to (?:that|this)|no such object|not (?:a )?known here|unknown (?:to|at|here)|unknown or (?:illegal|invalid)|recipient (?:verify|verification|check|validation|lookup) fail|previous \(cached\) callout verification failure|address verif\w+ fail|local (?:address|user) (?:contains|is)|not exist|don't know any|rejected: (?:account|user|mailbox|recipient) unava|no valid recipient
    """,
    reply_tongues.NO_USER,
)
REJECTED: Final = _family(r"reject(?:ed|s)\b|refus(?:ed|es)\b")
UNAVAILABLE: Final = _family(
    rf"""
    (?:mail ?box|user|recipient|account|address|addressee|{MAILBOX})\b(?: name)?(?: {MAILBOX})?\W{{0,3}}(?:is |currently |was |are )*(?:unava\w*able|not available|unreachable|undeliverable|not reachable|cannot be reached|no longer available)|(?:user|recipient) not (?:here|available)|not (?:able|possible) to deliver to (?:this|that|the) (?:user|mailbox|recipient|address)
    """
)
ADDRESS_REJECTED: Final = re.compile(
    rf"(?:recipient|rcpt|address|user|mailbox|destination)(?:s|es)?(?: address(?:es)?)?(?: {MAILBOX})? (?:was |is |has been |have been )?(?:rejected|refused|not accepted)"
    rf"(?:[\s.:!,;|()\[\]#{MAILBOX}{OTHER}-]|\[[^\]]*\]|\(\w*\d\w*\))*$|^\W*(?:{MAILBOX}\W*)+(?:rejected|refused|bad|invalid|unknown)\W*$"
)
"""With no other reason behind it."""
NOT_ASCII: Final = _family(
    r"non ?ascii|smtp ?utf ?-?8|utf ?-?8|internationali[sz]ed|\beai\b|8 ?-?bit (?:char|local)|illegal characters? .{0,20}unicode"
)
FOR_NOW: Final = _family(
    r"temporar|try (?:again )?later|again later|retry|currently un|at this time|momentarily|vorubergehend|temporaire|temporal|zeitweise|временно|暂时|暫時|一時"
)
"""Words that take back a refusal for good."""
CANNOT_VERIFY: Final = _family(
    r"(?:cannot|can't|can not|could not|unable to|not) (?:vrfy|verify)|will (?:attempt|try|accept) .{0,30}deliver|send some mail|catch ?all"
)
