"""Browsers that are strangers to each other: two people look at one coffee in the same test."""

import contextvars
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from typing_extensions import override
from werkzeug.test import TestResponse

from events.accounts.models import User
from tests.doors import Page


class OwnPage(Page):
    """A browser whose requests share nothing with the test around them or with another browser."""

    @override
    def _free_context(self, ask: Any) -> TestResponse:
        return contextvars.Context().run(super()._free_context, ask)


@pytest.fixture
def page(app: Flask) -> Callable[[User | None], Page]:
    def look(person: User | None = None) -> OwnPage:
        return OwnPage(app, person)

    return look
