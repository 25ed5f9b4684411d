"""Reads for mails: every kind of mail, who reads it, and under which name it can be switched off."""

from events.accounts.rules import ABOUT_COFFEES
from events.core.mail_ledger import TO_MEMBERS, TO_STRANGERS
from events.notifications.queries import accounts, coffees, coffees_after, hosts, livestreams, replies, rounds
from events.notifications.queries.hosts import count_announced
from events.notifications.queries.livestreams import list_audience
from events.notifications.queries.news import Kind, News, minute_of

__all__ = ["KINDS", "Kind", "News", "count_announced", "list_audience", "minute_of"]

# A mail that answers something the person did cannot be switched off; all others can.
KINDS = {
    "confirm_address": Kind(accounts.read_confirm, asked=True),
    "sign_in_link": Kind(accounts.read_sign_in_link, asked=True),
    "invited": Kind(accounts.read_invited, ceilings=TO_STRANGERS),
    "join_asked": Kind(accounts.read_join_asked, ceilings=TO_MEMBERS),
    "join_decided": Kind(accounts.read_join_decided),
    "livestream_announced": Kind(livestreams.read_announced, switch="livestream_announced", announces=True),
    "livestream_hosted": Kind(hosts.read_hosted),
    "livestream_handed": Kind(hosts.read_handed, ceilings=TO_MEMBERS),
    "livestream_unhosted": Kind(hosts.read_unhosted),
    "livestream_moved": Kind(livestreams.read_moved),
    "livestream_cancelled": Kind(livestreams.read_cancelled),
    "livestream_day": Kind(livestreams.read_reminder, switch="livestream_reminder"),
    "livestream_soon": Kind(livestreams.read_reminder, switch="livestream_reminder"),
    "place_taken": Kind(livestreams.read_place_taken),
    "place_given_up": Kind(livestreams.read_place_given_up),
    "guest_link": Kind(livestreams.read_guest_link, asked=True),
    "recording_ready": Kind(livestreams.read_recording, switch="recording_ready", announces=True),
    "left_without": Kind(rounds.read_left_without, group=ABOUT_COFFEES),
    "round_opened": Kind(rounds.read_opened, switch="round_news", announces=True),
    "always_yes": Kind(rounds.read_always, switch="round_news"),
    "coffees_paused": Kind(rounds.read_paused, group=ABOUT_COFFEES),
    "draft_ready": Kind(rounds.read_draft, switch="round_news"),
    "coffee_proposed": Kind(coffees.read_proposed, ceilings=TO_MEMBERS, group=ABOUT_COFFEES),
    "coffee_instead": Kind(coffees.read_instead, ceilings=TO_MEMBERS, group=ABOUT_COFFEES),
    "coffee_nudge": Kind(coffees.read_nudge, switch="coffee_nudge"),
    "coffee_confirmed": Kind(coffees.read_confirmed, group=ABOUT_COFFEES),
    "coffee_moved": Kind(coffees.read_confirmed, group=ABOUT_COFFEES),
    "coffee_place": Kind(coffees.read_confirmed, ceilings=TO_MEMBERS, group=ABOUT_COFFEES),
    "coffee_smaller": Kind(coffees.read_confirmed, group=ABOUT_COFFEES),
    "coffee_off": Kind(coffees.read_off, group=ABOUT_COFFEES),
    "coffee_cancelled": Kind(coffees.read_cancelled, group=ABOUT_COFFEES),
    "coffee_given_up": Kind(coffees.read_cancelled, group=ABOUT_COFFEES),
    "coffee_day": Kind(coffees.read_reminder, switch="coffee_day"),
    "coffee_soon": Kind(coffees.read_reminder, switch="coffee_soon"),
    "coffee_after": Kind(coffees.read_after, switch="coffee_after"),
    "coffee_waiting": Kind(coffees_after.read_waiting, switch="coffee_waiting"),
    "coffee_reply": Kind(replies.read_coffee_reply, ceilings=TO_MEMBERS, group=ABOUT_COFFEES),
    "circle_reply": Kind(replies.read_circle_reply, ceilings=TO_MEMBERS),
    "reply_refused": Kind(replies.read_refused),
    "introduction": Kind(coffees_after.read_introduction, switch="introduction", ceilings=TO_MEMBERS),
    "introduction_agreed": Kind(coffees_after.read_agreed, switch="introduction", ceilings=TO_MEMBERS),
    "look_back": Kind(coffees_after.read_look_back, switch="look_back"),
    "promise_due": Kind(coffees_after.read_promise, switch="promise_due"),
}
