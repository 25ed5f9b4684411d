"""Email address normalisation: the canonical form that forms, lists, replies and look-ups compare."""

import unicodedata

import email_validator
import idna

MAX_ADDRESS = 254
# Allow .test, .local and the like: trials and internal networks have mailboxes there.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


class NotAnAddress(ValueError):
    """Text that is no deliverable email address."""


def normalise_address(typed: str) -> str:
    """Lower-case address with an ASCII (IDNA) domain, stripped of spaces and invisible characters.

    Raises NotAnAddress, also for a local part outside ASCII, which few mail servers deliver to.
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
    """The address with its domain in Unicode."""
    local, at, domain = address.rpartition("@")
    if "xn--" not in domain:
        return address
    try:
        return f"{local}{at}{idna.decode(domain)}"
    except idna.IDNAError:
        return address
