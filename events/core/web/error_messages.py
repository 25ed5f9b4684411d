"""Error messages: translates codes of refused requests into sentences."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

_sentences: dict[str, object] = {
    "not_found": _l("This page doesn't exist, or isn't for you."),
    "no_page": _l("There is no page at this address."),
    "forbidden": _l("This isn't for you to do."),
    "invalid": _l("Something in the form needs another look."),
    "too_many": _l("That was a lot at once. Try again in a moment."),
    "too_many_mails": _l("That would be a lot of mail for one day. Nothing was sent; try again tomorrow."),
    "too_many_mailings": _l(
        "Your circle mailed everyone %(most)s times in the last 24 hours, and more is not possible. "
        "Nothing was changed or sent; try again tomorrow."
    ),
    "unavailable": _l("We can't save this just now. Try again in a moment."),
    "our_fault": _l("Something went wrong on our side, and nothing was saved. Try again in a moment."),
    "expired_form": _l(
        "This form no longer counts: it was open for long, or you signed in or out in another tab. "
        "Go back, copy what you typed, load the page again and send it once more."
    ),
    "wrong_method": _l("This page can't be opened like this. Go back and use the button that leads here."),
    "bad_frame": _l("We couldn't read this message."),
    "missing": _l("Something is not filled in yet."),
    "too_long": _l("This is too long."),
    "too_short": _l("This is too short."),
    "bad_text": _l("This contains signs that can't be read. Type those words again."),
    "bad_address": _l("This isn't an e-mail address."),
    "bad_number": _l("Fill in a number."),
    "bad_time": _l("Fill in a date and a time."),
    "bad_choice": _l("Choose one of the options."),
    "no_such_person": _l("No member with this name or address. Check how it's written."),
    "several_people": _l("Several people fit this. Choose which of them."),
    "unknown_field": _l("This form has changed. Load the page again."),
    "too_large": _l("This file is too large."),
    "too_slow": _l("This took too long to reach us. Check your connection and send it again."),
    "bad_picture": _l("We can't read this picture. Choose a JPEG, PNG or WebP file."),
}


def register(sentences: dict[str, object]) -> None:
    """Add the sentences of a feature's codes."""
    _sentences.update(sentences)


def message_for(code: str, **params: object) -> str:
    """Sentence of a code in the request's locale; `code@3` names line 3."""
    code, _at, line = code.partition("@")
    if line:
        return str(_("Line %(line)s: %(sentence)s", line=line, sentence=message_for(code, **params)))
    sentence = str(_sentences.get(code, _sentences["invalid"]))
    return sentence % params if params and "%(" in sentence else sentence


def is_known(code: str) -> bool:
    return code.partition("@")[0] in _sentences
