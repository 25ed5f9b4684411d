"""Classifies a bounce: the address is gone (hard), or refused the mail this time (soft)."""

import re

_CODE = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")
_AT_RECIPIENT = re.compile(
    r"\b55[013]\b.*(rcpt to|recipient)|(rcpt to|recipient).*\b55[013]\b", re.IGNORECASE
)
# 5.4.1 and 5.1.351 are how Exchange Online says that it knows no such recipient, 5.4.4 and 5.4.310 that
# there is no such domain. 5.2.1 is a mailbox that was closed.
_GONE = re.compile(r"5\.(1\.[0-6]|1\.10|1\.351|2\.1|4\.1|4\.4|4\.310)")
_SURE = re.compile(r"5\.1\.([1236]|10|351)")
_SENDER_CODE = re.compile(r"5\.1\.[789]|5\.1\.90")
_FULL_CODE = re.compile(r"[45]\.(2\.2|2\.3|3\.1|3\.4)")
_FULL = re.compile(
    r"quota|mailbox (is |size |storage )?(full|limit|exceed)|(mail)?box .{0,40}\bis full"
    r"|storage (limit|space|allocation)"
    r"|insufficient (system )?storage|out of (disk|storage)|not enough (disk|storage"
    r"|space)|disk (is )?full|too large|size limit"
    r"|mailbox (is )?vol\b|postvak .{0,30}vol\b|postfach .{0,30}voll|boîte .{0,40}pleine",
    re.IGNORECASE,
)
_GONE_WORDS = re.compile(
    r"(user|recipient|account|mailbox|address|addressee|destination"
    r"|alias)s? .{0,60}(unknown|not (be )?(found|exist|known|valid)"
    r"|does ?n.t exist|does not exist|has been (disabled|closed|suspended|deleted|removed)"
    r"|is (disabled|closed|inactive|invalid)"
    r"|no longer (exists?|valid|active|available|in use|on server))"
    r"|(unknown|invalid|no such|nonexistent|bad|inactive|disabled|unrouteable|undeliverable) "
    r"(local |mail ?)?(user|recipient|account|mailbox|address|addressee|host|domain|destination|person)"
    r"|(user|host|domain) ?unknown|unknown.?user|invalid .{0,20}userid"
    r"|no mailbox (here )?by|mailbox (is )?unavailable|not our customer|doesn.t have an? .{1,60} account"
    r"|no (account|user|such person|one) (here|by|with|at) |not listed in|does not exist"
    r"|no longer (works|employed|with us)"
    r"|(host|domain)( name|s)?( [\w.-]+\.\w+)? (was )?(not found|does not exist)|domain .{0,60}(not found"
    r"|couldn.t be found|does not exist)"
    r"|nxdomain|\bno mx\b|null ?mx|domain (may not exist|is not reachable)|(does|do) ?(no"
    r"|n.)t (accept|receive) (e-?)?mail|no smtp service|not accepting network"
    r"|no valid recipients?|wasn.t found at|couldn.t be found|could not be found"
    r"|recipient address rejected: access denied|unknownuser|relay(ing)? .{0,30}no such"
    r"|onbekende (gebruiker|ontvanger)|bestaat niet|empfänger unbekannt|existiert nicht"
    r"|n.existe pas|inconnu à",
    re.IGNORECASE,
)
_BLOCKED = re.compile(
    r"black ?list|block ?list|spamhaus|\bspam\b|too many recipients|blocked|sender|temporar", re.IGNORECASE
)
# About the sender, the mail or the moment: the address may be as good as ever.
_NOT_ABOUT_ADDRESS = re.compile(
    r"sender|\bspam\b|\bvirus|\bmalware|black ?list|block ?list|deny ?list|blocked"
    r"|reputation|\bpolic(y|ies)\b|dmarc|\bspf\b|\bdkim\b"
    r"|not (authori[sz]ed|permitted|allowed)|rate.?limit|too (many|quickly|much)"
    r"|gr[ae]y.?list|content|message (was )?(rejected|filtered|refused)|unsolicited"
    r"|at a rate|after mail from|(reply|response) to (mail from|data)|end of data"
    r"|protocol (error|violation)|reverse dns|client ip|malformed|prohibit"
    r"|timed? ?out|try (again )?later|not found, try again|my name was rejected|\bptr\b"
    r"|temporar|expired|relay(ing)? (access )?denied"
    r"|unable to relay|loop|too many hops|security",
    re.IGNORECASE,
)


def kind_of(status: str, diagnostic: str = "") -> str:
    """What a bounce says of an address: `gone`, or `full` for anything that may pass.

    The enhanced status (RFC 3463) decides where it is specific; x.0.x says nothing, then the codes and
    words of the next server do. Refusals for reasons of policy are about the mail or its sender.
    """
    code = _specific(status, diagnostic)
    gone, other = bool(_GONE_WORDS.search(diagnostic)), bool(_NOT_ABOUT_ADDRESS.search(diagnostic))
    sure = _SURE.fullmatch(code) is not None
    if _FULL_CODE.fullmatch(code) or _SENDER_CODE.fullmatch(code):
        return "full"
    if _FULL.search(diagnostic) and not (sure and gone):
        return "full"
    if code.startswith("4."):
        return "gone" if code == "4.1.1" and gone else "full"
    if sure:
        return "full" if _BLOCKED.search(diagnostic) and not gone else "gone"
    if code == "5.4.1" and not other:  # Exchange Online, which often says no more than this
        return "gone"
    if _GONE.fullmatch(code):
        return "full" if other and not gone else "gone"
    if gone:
        return "full" if other else "gone"
    # Without any word that is known a bare 550 counts when it was given to the address, not to the mail.
    return "gone" if not code and not other and _AT_RECIPIENT.search(diagnostic) else "full"


def _specific(status: str, diagnostic: str) -> str:
    """The code that says most: the status, or that of the next server where the status is x.0.x."""
    found = [one[0] for one in map(_CODE.match, [status.strip()]) if one] + _CODE.findall(diagnostic)
    clear = [
        one for one in found if one.split(".")[1] != "0" and one not in {"5.5.0", "5.3.0", "5.2.0", "4.5.0"}
    ]
    return clear[0] if clear else ""
