"""Mail rendering: templates in the recipient's locale become a MIME message with an optional
calendar part.
"""

from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

import structlog
from flask import render_template

from events.core import clock
from events.core.i18n.formatting import in_language_of
from events.core.mail.headers import OUTGOING
from events.core.text.markup import header_line


@dataclass(frozen=True)
class RenderedMail:
    """Addressee, template and context of one mail, with everything loaded.

    `template` names templates/mail/<template>.txt and .html; the first line of the .txt is the
    subject. `calendar` is an iCalendar file with its METHOD; `unsubscribe` the one-click URL (RFC
    8058).
    """

    to_name: str
    to_address: str
    locale: str
    template: str
    context: dict[str, object] = field(default_factory=dict)
    calendar: bytes | None = None
    method: str = "REQUEST"
    from_name: str = "Ontmoet"
    reply_to: tuple[str, str] | None = None
    unsubscribe: str | None = None


def render_parts(letter: RenderedMail) -> tuple[str, str, str]:
    """Subject, text and HTML."""
    with in_language_of(letter.locale):
        context = letter.context | {"locale": letter.locale, "letter": letter}
        text = render_template(f"mail/{letter.template}.txt", **context)
        html = render_template(f"mail/{letter.template}.html", **context)
    subject, _, body = text.lstrip().partition("\n")
    return subject, body, html


def message_of(letter: RenderedMail, message_id: str, sender: str) -> EmailMessage:
    subject, body, html = render_parts(letter)
    message = EmailMessage(policy=OUTGOING)
    message["Subject"] = header_line(subject)
    message["From"] = _address(letter.from_name, sender)
    message["To"] = _address(letter.to_name, letter.to_address)
    if letter.reply_to is not None:
        message["Reply-To"] = _address(*letter.reply_to)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Request-Id"] = structlog.contextvars.get_contextvars().get("request_id", "")
    if letter.unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(body.strip() + "\n")
    message.add_alternative(html, subtype="html")
    if letter.calendar is not None:
        _attach_calendar(message, letter.calendar, letter.method)
    return message


def _attach_calendar(message: EmailMessage, calendar: bytes, method: str) -> None:
    # As an alternative, which calendar programs process, and as a file to open by hand.
    message.add_alternative(
        calendar, maintype="text", subtype="calendar", params={"method": method, "charset": "utf-8"}
    )
    message.add_attachment(calendar, maintype="application", subtype="ics", filename="invite.ics")


def _address(name: str, address: str) -> Address:
    return Address(display_name=header_line(name), addr_spec=address)
