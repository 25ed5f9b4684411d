"""Reads about coffees, limited to the people who drink them."""

from events.coffees.queries.again import (
    Following,
    find_following,
    following_of,
    is_next_time,
    list_next_times,
)
from events.coffees.queries.cards import Card, Shelf, card_of, shelf_of, sketch_of
from events.coffees.queries.details import Exchange, Shown, exchange_of, get_shown
from events.coffees.queries.entries import calendar_entry
from events.coffees.queries.finding import (
    again_pairs,
    coffee_room,
    get_coffee,
    get_promise,
    get_visible,
    hearers_of,
    hold,
    key_path,
    list_coffees,
    list_met_pairs,
    list_of_round,
    list_own_promises,
    others_of,
    partners_of,
    seat_of,
    taking_part,
)
from events.coffees.queries.inviting import hold_people, is_open_for
from events.coffees.queries.looking_back import Quoted, list_came_of, look_back_of, may_look_back
from events.coffees.queries.times import all_common_times, common_times, people_of, suits_all

__all__ = [
    "Card",
    "Exchange",
    "Following",
    "Quoted",
    "Shelf",
    "Shown",
    "again_pairs",
    "all_common_times",
    "calendar_entry",
    "card_of",
    "coffee_room",
    "common_times",
    "exchange_of",
    "find_following",
    "following_of",
    "get_coffee",
    "get_promise",
    "get_shown",
    "get_visible",
    "hearers_of",
    "hold",
    "hold_people",
    "is_next_time",
    "is_open_for",
    "key_path",
    "list_came_of",
    "list_coffees",
    "list_met_pairs",
    "list_next_times",
    "list_of_round",
    "list_own_promises",
    "look_back_of",
    "may_look_back",
    "others_of",
    "partners_of",
    "people_of",
    "seat_of",
    "shelf_of",
    "sketch_of",
    "suits_all",
    "taking_part",
]
