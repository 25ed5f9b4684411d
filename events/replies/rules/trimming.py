"""Trims an answer by mail to what was written now: without quotes, programs' lines and personal links.

Losing a person's words is worse than passing on a quote: what is not certain to be quoted stays.
"""

import re
import unicodedata

from events.core.text.unicode_cleaning import compose

_MONTHS = (
    r"jan|feb|f[ée]v|mar|m[aä]r|maart|apr|avr|ma[yiï]|mei|jun|jui|jul"
    r"|aug|ao[uû]|sep|o[ck]t|nov|dec|dez|d[ée]c"
)
_DATED = re.compile(
    rf"\b(20\d\d|\d{{1,2}}[:.h]\d\d|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{1,2}}\.? ?({_MONTHS}))", re.I
)
_SENDER = re.compile(r"[^\s<>]+@[^\s<>]+")
# Lines that stand above a quoted mail, once those that a program broke in pieces are joined.
_ATTRIBUTION = re.compile(
    r"(-{2,}\s*)?(?!.*\b(schreef (ik|je|jij|u|hij|zij|ze|wij|we|jullie)|(i|you|he|she|we|they) wrote"
    r"|schrieb (ich|du|er|sie|wir)|habe ich .*geschrieben|(j.ai|tu as|vous avez|il a|elle a) écrit)\b)"
    r"(on\b.+\b(wrote|writes)|.+\bwrote\b.*|op\b.+\bschreef\b.*|op\b.+\bgeschreven"
    r"|.+\bschreef op\b.+|op\b.+\bschrijft\b.*"
    r"|am\b.+\bschrieb\b.*|am\b.+\bgeschrieben|.+\bschrieb am\b.+|.+\b(schrieb|schreef)"
    r"|le\b.+\ba écrit.*|.+\ba écrit( le\b.+)?)"
    r"\s?(:|-{2,})(\s{2,}.*)?",  # some put the first quoted line behind it
    re.IGNORECASE,
)
_BEGINS = re.compile(r"(-{2,}\s*)?(on|op|am|le)\b", re.IGNORECASE)
_DIVIDER = re.compile(
    r"[-_*]{2,}\s*(original message|oorspronkelijk bericht|originele? bericht"
    r"|ursprüngliche nachricht|original.?nachricht"
    r"|message d.origine|message original|forwarded message|doorgestuurd bericht"
    r"|weitergeleitete nachricht|message transféré"
    r"|original appointment|oorspronkelijke afspraak)\s*[-_*]{2,}"
    r"|(begin (forwarded message|doorgestuurd bericht)"
    r"|anfang der weitergeleiteten nachricht|début du message (transféré|réexpédié))\s?:",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_\-=]{10,}")
_LABELS = {
    "from": r"from|van|von|de|expéditeur",
    "sent": r"sent|verzonden|gesendet|envoyé|date|datum|sent on|verzonden op",
    "to": r"to|aan|an|à|pour",
    "subject": r"subject|onderwerp|betreff|objet|sujet",
    "more": r"cc|bcc|kopie|reply-to|antwoord aan|importance|prioriteit|priorität|attachments|bijlagen",
}
_HEADER = re.compile(
    r"\*?_?(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _LABELS.items())
    + r")\s?:_?\*?(?:\s+(?P<value>.*))?",
    re.IGNORECASE,
)
# What programs put below a mail of their own accord; always one line.
_PROGRAM = re.compile(
    r"(sent|get) (from|with|via) .{2,60}|sent (securely )?(from|with) .{2,60}"
    r"|get outlook for .{3,60}|verzonden (vanaf|vanuit|met|via) .{2,70}"
    r"|verstuurd (vanaf|vanuit|met|via) .{2,70}|von mein(em|er) .{2,50} gesendet"
    r"|gesendet (von|mit|über) .{2,70}"
    r"|diese nachricht wurde von .{2,50} gesendet|envoyé (de|depuis|avec|à partir de) .{2,70}"
    r"|(download )?outlook (voor|für|pour|for) .{3,20} (downloaden|herunterladen"
    r"|télécharger).{0,80}|(download|télécharge[rz]) outlook .{3,80}"
    r"|(sent from )?yahoo ?mail[: ].{0,80}",
    re.IGNORECASE,
)
_NAMES_PROGRAM = re.compile(
    r"iphone|ipad|android|samsung|galaxy|huawei|xiaomi|nokia|blackberry|outlook|windows"
    r"|mail\b|gmx|web\.de|yahoo|proton|telefoon|mobiel"
    r"|mobile|handy|smartphone|phone|tablet|spark|thunderbird|app\b|messagerie|tutanota|fairphone",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"\[(cid:|image:|afbeelding:|bild:)[^\]]{0,200}\]|<image\d*\.\w{3,4}>|￼+", re.IGNORECASE
)
_CONTACT = re.compile(r"@|www\.|https?://|\+?\d[\d ()-]{7,}|\b(b\.?v\.?|gmbh|ltd|sarl)\b", re.IGNORECASE)
_BELOW = re.compile(
    r"\b(hieronder|onderstaand|below|inline|tussen de (tekst|regels)|in (het )?(rood|blauw"
    r"|red|blue|rot|blau)|unten|im text|ci-dessous|plus bas|en rouge)\b",
    re.IGNORECASE,
)
_PERSONAL_LINK = re.compile(r"https?://\S*/(?:k|unsubscribe|feeds)/[A-Za-z0-9_-]{20,}\S*")
MAX_JOINED = 5  # lines into which programs break one attribution
MAX_SIGNATURE_LINES = 12  # lines


def trim(text: str) -> str:
    """The words of the answer itself. Answers written between quoted lines keep their own lines."""
    lines = [line if line == "-- " else line.rstrip() for line in _plain(text).split("\n")]
    marked = _marks(lines)
    kept: list[str] = []
    spared: list[str] = []  # what follows a quote that is not marked line by line
    place, quoting = 0, False
    while place < len(lines):
        opened = _quote_opens(lines, place)
        if opened:
            place += opened
            following = next((one for one in range(place, len(lines)) if lines[one].strip()), None)
            quoting = quoting or (following is not None and following not in marked)
            continue
        bare = lines[place].strip()
        if place not in marked and not _is_program(bare) and not _PICTURE.fullmatch(bare):
            (spared if quoting else kept).append(lines[place])
        place += 1
    own = _tidy(_unsigned(kept))
    if own and not _BELOW.search(own):
        return own
    # The answer stands below the quote or in it, and cannot be told from what is not marked.
    return _tidy([own, "", *_unsigned(spared)])


def conceal(text: str) -> str:
    """Without links that let someone in as the person who was mailed: an answer is read by others."""
    return _PERSONAL_LINK.sub("[…]", text)


def _quote_opens(lines: list[str], place: int) -> int:
    """How many lines from here on are the opening of a quoted mail; 0 for none."""
    bare = lines[place].strip()
    if not bare or bare.startswith(">"):
        return 0
    if _DIVIDER.fullmatch(bare):
        return 1 + _headers(lines, place + 1, certain=True)
    if _RULE.fullmatch(bare):
        found = _headers(lines, place + 1, certain=True)
        return 1 + found if found else 0
    return _headers(lines, place, certain=False) or _attribution(lines, place)


def _attribution(lines: list[str], place: int) -> int:
    joined = ""
    for count, line in enumerate(lines[place : place + MAX_JOINED], start=1):
        part = line.strip()
        if not part or part.startswith(">") or len(part) > 250:
            return 0
        joined = f"{joined} {part}".strip()
        if _ATTRIBUTION.fullmatch(joined) and (_SENDER.search(joined) or _DATED.search(joined)):
            return count
        if not _BEGINS.match(joined) and not (count == 1 and _SENDER.search(part)):
            return 0
    return 0


def _headers(lines: list[str], place: int, *, certain: bool) -> int:
    """How many lines are the header block of a mail. `certain`: a divider stands above it."""
    while certain and place < len(lines) and not lines[place].strip():
        place += 1
    kinds: dict[str, str] = {}
    count = 0
    for line in lines[place : place + 12]:
        found = _HEADER.fullmatch(line.strip())
        if found is None:
            if count and line.startswith((" ", "\t")) and line.strip():
                count += 1  # a long list of receivers goes on
                continue
            break
        kinds.setdefault(next(kind for kind in _LABELS if found[kind] is not None), found["value"] or "")
        count += 1
    named = bool(_SENDER.search(kinds.get("from", "")))
    enough = len(kinds) >= 3 or (len(kinds) == 2 and (named or certain)) or (count and certain and named)
    return count if enough and ("from" in kinds) and (certain or "sent" in kinds or named) else 0


def _marks(lines: list[str]) -> set[int]:
    """The lines that are marked as quoted. One that alone begins with a > may be somebody's own sign."""
    marked = {place for place, line in enumerate(lines) if line.lstrip().startswith(">")}
    if len(marked) == 1 and not any(_quote_opens(lines, place) for place in range(min(marked))):
        (only,) = marked
        if re.match(r"\s*>\s?[\d€$]", lines[only]):
            return set()
    return marked


def _is_program(bare: str) -> bool:
    return bool(_PROGRAM.fullmatch(bare.strip("*_ .")) and _NAMES_PROGRAM.search(bare)) and not bare.endswith(
        "?"
    )


def _unsigned(lines: list[str]) -> list[str]:
    """Without what stands below "-- ". Without its space that may be a stroke between two thoughts."""
    for place, line in enumerate(lines):
        if line.strip() == "--":
            below = [one for one in lines[place + 1 :] if one.strip()]
            short = len(below) <= MAX_SIGNATURE_LINES and all(
                len(one) <= 90 and one[-1] != "?" for one in below
            )
            if short and (line == "-- " or any(map(_CONTACT.search, below))):
                return lines[:place]
    return lines


def _tidy(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _plain(text: str) -> str:
    """Without what cannot be stored or seen: controls, direction marks, surrogates, byte-order marks."""
    text = compose(text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))
    return "".join(
        one for one in text if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Co"}
    )
