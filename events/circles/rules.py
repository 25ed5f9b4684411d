"""What a new circle starts with: topics in both languages, and the colours it may choose."""

from datetime import datetime, timedelta

# (Dutch, English): what entrepreneurs seek help with and think along about.
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
MAX_INTERESTS = 5  # on each side
MAX_INVITED = 50  # at once
MAX_IMPORTED = 500  # people of one list
NEW_CIRCLE_PERIOD = timedelta(days=7)  # a circle that has just begun is not known yet
MAX_INVITATIONS_PER_DAY = 1000  # invitations of one circle
MAX_INVITATIONS_WHILE_NEW = 50
MAX_INVITATIONS_PER_PERSON_PER_MONTH = 3  # invitations of one circle to one person
MAX_CIRCLES_PER_DAY = 2  # that one person begins
MAX_CIRCLES_PER_MONTH = 6


def merge_words(words: list[str]) -> list[str]:
    """Words without repeats, however they are capitalised, in the order given."""
    found: dict[str, str] = {}
    for word in words:
        found.setdefault(word.casefold(), word)
    return list(found.values())


def max_invitations_per_day(created_at: datetime, moment: datetime) -> int:
    """How many invitations a circle may send within a day."""
    return MAX_INVITATIONS_WHILE_NEW if moment - created_at < NEW_CIRCLE_PERIOD else MAX_INVITATIONS_PER_DAY
