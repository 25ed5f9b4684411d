"""Kinds of mail: the reader of each, its switch, its group and the ceilings that it counts against."""

from events.accounts.rules import ABOUT_COFFEES
from events.core.mail.ledger import TO_MEMBERS, TO_STRANGERS
from events.notifications.queries import (
    accounts,
    coffees,
    coffees_after,
    endings,
    hosts,
    livestreams,
    replies,
    rounds,
)
from events.notifications.queries.mail_content import MailKind

# A mail that answers something the person did cannot be switched off; all others can.
KINDS = {
    "confirm_address": MailKind(accounts.read_confirm, asked=True),
    "sign_in_link": MailKind(accounts.read_sign_in_link, asked=True),
    "invited": MailKind(accounts.read_invited, ceilings=TO_STRANGERS),
    "join_asked": MailKind(accounts.read_join_asked, ceilings=TO_MEMBERS),
    "join_decided": MailKind(accounts.read_join_decided),
    "livestream_announced": MailKind(
        livestreams.read_announced, switch="livestream_announced", announces=True
    ),
    "livestream_hosted": MailKind(hosts.read_hosted),
    "livestream_handed": MailKind(hosts.read_handed, ceilings=TO_MEMBERS),
    "livestream_unhosted": MailKind(hosts.read_unhosted),
    "livestream_moved": MailKind(livestreams.read_moved),
    "livestream_cancelled": MailKind(livestreams.read_cancelled),
    "livestream_day": MailKind(livestreams.read_reminder, switch="livestream_reminder"),
    "livestream_soon": MailKind(livestreams.read_reminder, switch="livestream_reminder"),
    "livestream_overdue": MailKind(endings.read_overdue, switch="livestream_nudge"),
    "livestream_ended_itself": MailKind(endings.read_ended_itself, switch="livestream_nudge"),
    "livestream_missed": MailKind(endings.read_missed, switch="livestream_nudge"),
    "place_taken": MailKind(livestreams.read_place_taken),
    "place_given_up": MailKind(livestreams.read_place_given_up),
    "guest_link": MailKind(livestreams.read_guest_link, asked=True),
    "recording_ready": MailKind(livestreams.read_recording, switch="recording_ready", announces=True),
    "left_without": MailKind(rounds.read_left_without, group=ABOUT_COFFEES),
    "round_opened": MailKind(rounds.read_opened, switch="round_news", announces=True),
    "always_yes": MailKind(rounds.read_always, switch="round_news"),
    "coffees_paused": MailKind(rounds.read_paused, group=ABOUT_COFFEES),
    "draft_ready": MailKind(rounds.read_draft, switch="round_news"),
    "coffee_proposed": MailKind(coffees.read_proposed, ceilings=TO_MEMBERS, group=ABOUT_COFFEES),
    "coffee_instead": MailKind(coffees.read_instead, ceilings=TO_MEMBERS, group=ABOUT_COFFEES),
    "coffee_nudge": MailKind(coffees.read_nudge, switch="coffee_nudge"),
    "coffee_confirmed": MailKind(coffees.read_confirmed, group=ABOUT_COFFEES),
    "coffee_moved": MailKind(coffees.read_confirmed, group=ABOUT_COFFEES),
    "coffee_place": MailKind(coffees.read_confirmed, ceilings=TO_MEMBERS, group=ABOUT_COFFEES),
    "coffee_smaller": MailKind(coffees.read_confirmed, group=ABOUT_COFFEES),
    "coffee_off": MailKind(coffees.read_off, group=ABOUT_COFFEES),
    "coffee_cancelled": MailKind(coffees.read_cancelled, group=ABOUT_COFFEES),
    "coffee_given_up": MailKind(coffees.read_cancelled, group=ABOUT_COFFEES),
    "coffee_day": MailKind(coffees.read_reminder, switch="coffee_day"),
    "coffee_soon": MailKind(coffees.read_reminder, switch="coffee_soon"),
    "coffee_after": MailKind(coffees.read_after, switch="coffee_after"),
    "coffee_waiting": MailKind(coffees_after.read_waiting, switch="coffee_waiting"),
    "coffee_reply": MailKind(replies.read_coffee_reply, ceilings=TO_MEMBERS, group=ABOUT_COFFEES),
    "circle_reply": MailKind(replies.read_circle_reply, ceilings=TO_MEMBERS),
    "reply_refused": MailKind(replies.read_refused),
    "introduction": MailKind(coffees_after.read_introduction, switch="introduction", ceilings=TO_MEMBERS),
    "introduction_agreed": MailKind(coffees_after.read_agreed, switch="introduction", ceilings=TO_MEMBERS),
    "look_back": MailKind(coffees_after.read_look_back, switch="look_back"),
    "promise_due": MailKind(coffees_after.read_promise, switch="promise_due"),
}
