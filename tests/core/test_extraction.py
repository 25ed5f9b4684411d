"""Message extraction: new sentences are added, unused ones dropped, comments and order kept."""

from pathlib import Path

import pytest

from events.core.i18n.extraction import HEADER, update_catalogs


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "po").mkdir()
    (tmp_path / "events/chat").mkdir(parents=True)
    (tmp_path / "events/polls").mkdir()
    (tmp_path / "templates/mail/chat").mkdir(parents=True)
    (tmp_path / "events/chat/views.py").write_text('_("Second")\n_("First")\n')
    return tmp_path


def write(root: Path, name: str, *entries: str) -> None:
    (root / "po" / f"{name}.po").write_text(
        "\n\n".join(["# Of this feature.\n" + HEADER.rstrip(), *entries]) + "\n"
    )


def read(root: Path, name: str) -> list[str]:
    return (root / "po" / f"{name}.po").read_text().rstrip("\n").split("\n\n")[1:]


def test_order_and_comments_stay(root: Path) -> None:
    entries = ['# A hint.\nmsgid "First"\nmsgstr "Eerste"', 'msgid "Second"\nmsgstr "Tweede"']
    write(root, "chat", *entries)
    before = (root / "po/chat.po").read_text()
    update_catalogs(root / "po", root)
    assert (root / "po/chat.po").read_text() == before


def test_a_new_sentence_waits_for_its_translation(root: Path) -> None:
    write(root, "chat", 'msgid "First"\nmsgstr "Eerste"')
    changes = update_catalogs(root / "po", root)
    assert read(root, "chat") == ['msgid "First"\nmsgstr "Eerste"', 'msgid "Second"\nmsgstr ""']
    assert changes.added == {"chat": 1}


def test_placeholders_plurals_and_contexts_are_written(root: Path) -> None:
    code = '_("%(n)s more")\nngettext("%(n)s one", "%(n)s many", 2)\npgettext("verb", "Mail")\n'
    (root / "events/chat/views.py").write_text(code)
    update_catalogs(root / "po", root)
    assert read(root, "chat") == [
        '#, python-format\nmsgid "%(n)s more"\nmsgstr ""',
        '#, python-format\nmsgid "%(n)s one"\nmsgid_plural "%(n)s many"\nmsgstr[0] ""\nmsgstr[1] ""',
        'msgctxt "verb"\nmsgid "Mail"\nmsgstr ""',
    ]


def test_an_unused_sentence_goes_and_with_the_last_one_the_catalog(root: Path) -> None:
    write(root, "polls", 'msgid "Gone"\nmsgstr "Weg"')
    changes = update_catalogs(root / "po", root)
    assert changes.dropped == {"polls": 1}
    assert [file.name for file in (root / "po").iterdir()] == ["chat.po"]


def test_a_sentence_moves_to_the_feature_that_uses_it(root: Path) -> None:
    write(root, "polls", 'msgid "First"\nmsgstr "Eerste"')
    (root / "events/polls/views.py").write_text('_("Vote")')
    changes = update_catalogs(root / "po", root)
    assert 'msgid "First"\nmsgstr "Eerste"' in read(root, "chat")
    assert changes.moved == {"chat": 1}


def test_sentences_of_mails_are_in_the_catalog_of_notifications(root: Path) -> None:
    (root / "templates/mail/chat/new.txt").write_text("{{ _('New') }}")
    update_catalogs(root / "po", root)
    assert read(root, "notifications") == ['msgid "New"\nmsgstr ""']


def test_a_sentence_of_several_features_may_be_in_the_shared_catalog(root: Path) -> None:
    (root / "events/polls/views.py").write_text('_("First")')
    write(root, "shared", 'msgid "First"\nmsgstr "Eerste"')
    changes = update_catalogs(root / "po", root)
    assert read(root, "shared") == ['msgid "First"\nmsgstr "Eerste"']
    assert not changes.moved
