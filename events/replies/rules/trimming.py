"""What of a mail was written now: without the mail it quotes, the signature, and links that are personal."""

import re
import unicodedata

from events.core.unicode_text import compose

# A line that opens a quoted mail, as programs write it in the languages people have set.
_OPENS_QUOTE = re.compile(
    r"^(on\b.{5,200}\bwrote:|op\b.{5,200}\bschreef\b.{0,120}:|am\b.{5,200}\bschrieb\b.{0,120}:"
    r"|le\b.{5,200}\ba écrit\s?:|-{2,}\s?(original message|oorspronkelijk bericht|ursprüngliche nachricht"
    r"|message d.origine|forwarded message|doorgestuurd bericht)\s?-{2,})$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^\*?(from|van|von|de)\s?:\*?\s.+", re.IGNORECASE)
_NEXT_HEADER = re.compile(
    r"^\*?(sent|verzonden|gesendet|envoyé|date|datum|to|aan|an|à|subject|onderwerp|betreff|objet)\s?:\*?",
    re.IGNORECASE,
)
_RULE = re.compile(r"^_{10,}$")
_SIGNATURE = re.compile(
    r"^(--|sent from my .{2,40}|verzonden vanaf mijn .{2,40}|verstuurd vanaf mijn .{2,40}"
    r"|von meinem .{2,40} gesendet|outlook voor (ios|android) downloaden"
    r"|get outlook for (ios|android).{0,60})$",
    re.IGNORECASE,
)
_PERSONAL_LINK = re.compile(r"https?://\S*/(?:k|unsubscribe|feeds)/[A-Za-z0-9_-]{20,}\S*")


def trim(text: str) -> str:
    """The words of the answer itself. Answers written between quoted lines keep their own lines."""
    lines = [line.rstrip() for line in _plain(text).split("\n")]
    kept: list[str] = []
    for place, line in enumerate(lines):
        bare = line.strip()
        if _opens_quote(lines, place):
            rest = [one for one in lines[place + 1 :] if one.strip()]
            if not (rest and rest[0].lstrip().startswith(">")):
                break  # nothing below is marked as quoted, so all of it is
            continue
        if _SIGNATURE.match(bare):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def conceal(text: str) -> str:
    """Without links that let someone in as the person who was mailed: an answer is read by others."""
    return _PERSONAL_LINK.sub("[…]", text)


def _opens_quote(lines: list[str], place: int) -> bool:
    bare = lines[place].strip()
    following = [line.strip() for line in lines[place + 1 : place + 4]]
    if _OPENS_QUOTE.match(bare):
        return True
    # Gmail breaks a long "On … wrote:" in two.
    if following and re.match(r"^(on|op|am|le)\b", bare, re.IGNORECASE):
        return bool(_OPENS_QUOTE.match(f"{bare} {following[0]}"))
    if _RULE.match(bare):
        return any(_HEADER.match(line) for line in following)
    return bool(_HEADER.match(bare)) and any(_NEXT_HEADER.match(line) for line in following)


def _plain(text: str) -> str:
    """Without what cannot be stored or seen: controls, direction marks, surrogates, byte-order marks."""
    text = compose(text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))
    return "".join(
        one for one in text if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Co"}
    )
