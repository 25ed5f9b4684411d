"""Pages that forget each other's reader, and the Dutch catalogue as it is now."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import get_domain
from typing_extensions import override
from werkzeug.test import TestResponse

from events.accounts.models import User
from events.core.catalogues import build_catalogues
from tests.doors import Page


class OwnPage(Page):
    """A browser whose requests share nothing with those of the others in the same test."""

    @override
    def _free_context(self, ask: Any) -> TestResponse:
        with self.app.app_context():
            return super()._free_context(ask)


@pytest.fixture
def page(app: Flask) -> Callable[[User | None], OwnPage]:
    def look(person: User | None = None) -> OwnPage:
        return OwnPage(app, person)

    return look


@pytest.fixture
def dutch(app: Flask, tmp_path: Path) -> Iterator[None]:
    build_catalogues(tmp_path)
    babel, loaded = app.extensions["babel"], get_domain().cache
    served, babel.translation_directories = babel.translation_directories, [str(tmp_path)]
    loaded.clear()
    yield
    babel.translation_directories = served
    loaded.clear()
