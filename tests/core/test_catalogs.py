"""Gettext catalogs: the Dutch .mo file is replaced atomically."""

from pathlib import Path
from typing import BinaryIO

import pytest
from babel.messages.catalog import Catalog

from events.core.i18n.catalogs import build_catalogues


def test_what_is_served_stays_whole_while_the_next_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = build_catalogues(tmp_path)
    whole = served.read_bytes()

    def write_half(file: BinaryIO, _catalogue: Catalog) -> None:
        file.write(whole[: len(whole) // 2])
        file.flush()
        raise InterruptedError("killed in the middle")

    monkeypatch.setattr("events.core.i18n.catalogs.write_mo", write_half)
    with pytest.raises(InterruptedError):
        build_catalogues(tmp_path)
    assert served.read_bytes() == whole
