"""Actions on accounts, sign-ins and personal keys."""

from events.accounts.actions.addresses import forget_return, note_return
from events.accounts.actions.keys import (
    end_own_keys,
    find_or_create_person,
    issue_key,
    revoke_keys,
    use_key,
)
from events.accounts.actions.links import (
    ask_link_for_key,
    ask_own_link,
    ask_sign_in_link,
    complete_sign_up,
    forget_pending,
    send_sign_in_link,
    send_sign_up_link,
    start_sign_up,
    start_sign_up_now,
)
from events.accounts.actions.profile import (
    allow_embed,
    block_person,
    change_profile,
    change_reach,
    choose_locale,
    choose_theme,
    set_photo,
    switch_mail,
    unblock_person,
)
from events.accounts.actions.sign_ins import (
    end_every_sign_in,
    end_sign_in,
    note_seen,
    set_password,
    start_sign_in,
)

__all__ = [
    "allow_embed",
    "ask_link_for_key",
    "ask_own_link",
    "ask_sign_in_link",
    "block_person",
    "change_profile",
    "change_reach",
    "choose_locale",
    "choose_theme",
    "complete_sign_up",
    "end_every_sign_in",
    "end_own_keys",
    "end_sign_in",
    "find_or_create_person",
    "forget_pending",
    "forget_return",
    "issue_key",
    "note_return",
    "note_seen",
    "revoke_keys",
    "send_sign_in_link",
    "send_sign_up_link",
    "set_password",
    "set_photo",
    "start_sign_in",
    "start_sign_up",
    "start_sign_up_now",
    "switch_mail",
    "unblock_person",
    "use_key",
]
