"""What can be done with coffees."""

from events.coffees.actions.afterwards import (
    give_outcome,
    mark_promise,
    promise_something,
    write_note,
)
from events.coffees.actions.again import propose_again
from events.coffees.actions.another import welcome_another
from events.coffees.actions.answering import (
    accept_coffee,
    cancel_coffee,
    confirm_agreed,
    decline_coffee,
    expire_coffee,
)
from events.coffees.actions.booking import book_coffee, change_booking_page, settle_booking
from events.coffees.actions.closing import close_untold
from events.coffees.actions.details import share_details
from events.coffees.actions.introducing import answer_introduction, introduce, name_time
from events.coffees.actions.inviting import invite_person
from events.coffees.actions.leaving import leave_coffees
from events.coffees.actions.looking_back import look_back, quote_oneself
from events.coffees.actions.moving import choose_time, propose_time
from events.coffees.actions.proposing import begin_talk, end_talk, propose_coffee
from events.coffees.actions.reaching import choose_place, give_number
from events.coffees.actions.undoing import end_hold, hold_decline, undo_decline

__all__ = [
    "accept_coffee",
    "answer_introduction",
    "begin_talk",
    "book_coffee",
    "cancel_coffee",
    "change_booking_page",
    "choose_place",
    "choose_time",
    "close_untold",
    "confirm_agreed",
    "decline_coffee",
    "end_hold",
    "end_talk",
    "expire_coffee",
    "give_number",
    "give_outcome",
    "hold_decline",
    "introduce",
    "invite_person",
    "leave_coffees",
    "look_back",
    "mark_promise",
    "name_time",
    "promise_something",
    "propose_again",
    "propose_coffee",
    "propose_time",
    "quote_oneself",
    "settle_booking",
    "share_details",
    "undo_decline",
    "welcome_another",
    "write_note",
]
