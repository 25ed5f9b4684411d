"""Email addresses in one canonical form: what every form, list, reply and look-up compares by."""

import unicodedata

import email_validator
import idna

MAX_ADDRESS = 254
# Names such as .test and .local have no mailbox in the world, but have in trials and inside of companies.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


class NotAnAddress(ValueError):
    """Nothing that mail can be sent to."""


def normalise_address(typed: str) -> str:
    """Lower case, the domain in ASCII (IDNA), without spaces around it and invisible characters.

    Letters outside ASCII before the @ are refused: few mail servers deliver to them.
    """
    text = "".join(character for character in typed if unicodedata.category(character) != "Cf")
    text = unicodedata.normalize("NFKC", text).strip()
    try:
        found = email_validator.validate_email(
            text, check_deliverability=False, globally_deliverable=False, allow_smtputf8=False, strict=True
        )
    except email_validator.EmailNotValidError as wrong:
        raise NotAnAddress(str(wrong)) from None
    address = (found.ascii_email or "").lower()
    if len(address) > MAX_ADDRESS or "." not in found.ascii_domain:
        raise NotAnAddress("the domain has no dot, or the address is too long")
    return address


def readable_address(address: str) -> str:
    """An address as people write it: the domain in its own letters."""
    local, at, domain = address.rpartition("@")
    if "xn--" not in domain:
        return address
    try:
        return f"{local}{at}{idna.decode(domain)}"
    except idna.IDNAError:
        return address
