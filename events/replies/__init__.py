"""Replies: what comes back by mail, from calendars, from people and from mail servers."""
