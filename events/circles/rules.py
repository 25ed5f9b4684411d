"""Pure rules of circles: default topics, colours, limits and labels of people."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from events.accounts.models import User
from events.core.media.contrast import SHAPE_RATIO, TEXT_RATIO, darken_until, lighten_until, readable_pair

# (Dutch, English) topics on which entrepreneurs ask and offer help.
DEFAULT_TOPICS = (
    ("Aanbesteden", "Tendering"),
    ("AI in het dagelijks werk", "AI in daily work"),
    ("Automatiseren", "Automation"),
    ("Bedrijfsopvolging", "Business succession"),
    ("Cashflow", "Cash flow"),
    ("Contracten en recht", "Contracts and law"),
    ("Cyberveiligheid", "Cyber security"),
    ("Duurzaam ondernemen", "Sustainable business"),
    ("Exporteren", "Exporting"),
    ("Financiering", "Funding"),
    ("Huisvesting", "Premises"),
    ("Inkoop", "Purchasing"),
    ("Innovatie", "Innovation"),
    ("Inwerken", "Onboarding"),
    ("Klanten vinden", "Finding customers"),
    ("Leidinggeven", "Leadership"),
    ("Marketing", "Marketing"),
    ("Offertes", "Quotations"),
    ("Personeel vinden", "Finding staff"),
    ("Planning en tijd", "Planning and time"),
    ("Prijzen bepalen", "Pricing"),
    ("Samenwerken", "Working together"),
    ("Webwinkel", "Web shop"),
    ("Werk en gezondheid", "Work and health"),
)
COLOURS = ("#1f4b99", "#2f6b4f", "#9a4a2f", "#6b3f78", "#46586b", "#7a5b13")
OWN_COLOUR = "own"  # a choice beside COLOURS
MAIL_SHEETS = ("#fffdf8", "#241b15")  # light and dark, as in templates/mail/layout.html
COVER_GLAZE = "#f1f1ed"  # the darkest of a cover
MAX_INTERESTS = 5  # of each kind: asks, offers
MAX_INVITED = 50  # addresses in one form
MAX_IMPORTED = 500  # people in one imported list
NEW_CIRCLE_PERIOD = timedelta(days=7)  # a lower invitation limit applies
MAX_INVITATIONS_PER_DAY = 1000  # per circle
MAX_INVITATIONS_WHILE_NEW = 50
MAX_INVITATIONS_PER_PERSON_PER_MONTH = 3  # per circle and invited person
MAX_LINE_LENGTH = 140  # of the team's own line in an invitation
_CONTACT = re.compile(r"://|www\.|@|\w\.[a-z]{2}|\d(?:[\s().-]*\d){6}", re.IGNORECASE)
LEGAL_FORMS = frozenset({"bv", "nv", "vof", "cv", "ltd", "gmbh"})  # at the end of a company's name
MAX_CIRCLES_PER_DAY = 2  # per person
MAX_CIRCLES_PER_MONTH = 6


def carries_contact(text: str) -> bool:
    """Whether a line has a link, an address or a telephone number, which invitations to strangers may not."""
    return _CONTACT.search(text) is not None


def company_key(name: str) -> str:
    """What the spellings of one company share: neither case, dots nor its legal form. "" for none."""
    words = re.sub(r"[.,]", "", unicodedata.normalize("NFKC", name)).casefold().split()
    named = words[:-1] if words[1:] and words[-1] in LEGAL_FORMS else words
    return " ".join(named)[:80]


def merge_words(words: list[str]) -> list[str]:
    """Without case-insensitive duplicates, in the order given."""
    found: dict[str, str] = {}
    for word in words:
        found.setdefault(word.casefold(), word)
    return list(found.values())


def max_invitations_per_day(created_at: datetime, moment: datetime) -> int:
    """Depends on the circle's age."""
    return MAX_INVITATIONS_WHILE_NEW if moment - created_at < NEW_CIRCLE_PERIOD else MAX_INVITATIONS_PER_DAY


def label_of(user: User) -> str:
    """A label that distinguishes people with the same name."""
    return f"{user.name} ({user.company})" if user.company else user.name


def tile_colours(colour: str) -> tuple[str, str]:
    """(ground, letter) of a circle's tile. Both are opaque, so any page does."""
    return readable_pair(colour)


@dataclass(frozen=True)
class MailColours:
    """A circle's colour in a mail: name on its ground, and a bar that shows on a light and a dark sheet."""

    ground: str
    text: str
    bar: str
    bar_in_dark: str


def mail_colours(colour: str) -> MailColours:
    """Ground and text are opaque and go with both schemes; buttons and links keep their own colours."""
    light, dark = MAIL_SHEETS
    ground, text = readable_pair(colour)
    return MailColours(
        ground=ground,
        text=text,
        bar=darken_until(colour, light, SHAPE_RATIO),
        bar_in_dark=lighten_until(colour, dark, SHAPE_RATIO),
    )


def cover_accent(colour: str | None) -> str | None:
    """A circle's colour on the glaze of a cover, darkened where it would be pale."""
    return darken_until(colour, COVER_GLAZE, TEXT_RATIO) if colour else None
