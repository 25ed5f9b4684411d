"""Unicode cleaning of typed and pasted text: removes artefacts of copying, refuses deceptive
characters.

Afterwards, texts that look alike mostly compare equal: invisible characters stay only where they
join letters or emoji.
"""

import re
import unicodedata

MAX_COMBINING_MARKS = 8  # on one letter; more is noise (zalgo text)
MAX_NON_STARTERS = 30  # in a row: Stream-Safe Text Format (UAX #15)
REVERSES = "\u202e"  # right-to-left override: displays letters in another order
_PERHAPS_LONG = re.compile(f"[\u0300-\U0010ffff]{{{MAX_NON_STARTERS + 1},}}")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BULLETS = re.compile(
    "[\uf0a7\uf0b7\uf0d8\uf0fc\uf076\uf02d]"
)  # of Symbol and Wingdings, pasted from a slide
_BLANKS = re.compile("[\u00a0\u2007\u2800]")
# Isolates, embeddings, byte order marks, soft hyphens, fillers, word joiners, annotations, private use.
_SHAPELESS = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u202a-\u202d\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\x02\x1f\ue000-\uf8ff\U000f0000-\U0010ffff\U000e0001]"
)
_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_JOINS = f"{_RIGHT_TO_LEFT}\u0900-\u1aff\ua800-\uabff"  # scripts in which a joiner changes letters
_EMOJI = "\u00a9\u00ae\u203c-\u3299\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f"
_JOINERS = re.compile(f"(?<![{_JOINS}{_EMOJI}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINS}{_EMOJI}])")
_STYLES = re.compile(f"(?<![{_EMOJI}#*0-9])[\ufe00-\ufe0f]|[\U000e0100-\U000e01ef]")
_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]")
_MARKS_OF_DIRECTION = re.compile("[\u200e\u200f]")
_HAS_RIGHT_TO_LEFT = re.compile(f"[{_RIGHT_TO_LEFT}]")


class Deceives(ValueError):
    """Text that would be displayed deceptively; `line` counts from one."""

    def __init__(self, line: int) -> None:
        super().__init__("bad_text")
        self.line = line


def clean(value: str) -> str:
    """Normalise to NFC with LF line ends and without invisible characters. Raises Deceives for
    controls, reversed text, lone surrogates and runs of combining marks.
    """
    value = _LINE_ENDS.sub("\n", value).replace("\x1e", "-")
    if value.isascii():
        _refuse_controls(value)
        return value.replace("\x1f", "").replace("\x02", "")
    value = _SHAPELESS.sub("", _BLANKS.sub(" ", _BULLETS.sub("\u2022", value)))
    value = _TAGS.sub("", _STYLES.sub("", _JOINERS.sub("", value)))
    if not _HAS_RIGHT_TO_LEFT.search(value):
        value = _MARKS_OF_DIRECTION.sub("", value)
    if (run := _long_run(value)) is not None:
        raise Deceives(value.count("\n", 0, run) + 1)
    value = unicodedata.normalize("NFC", value)
    _refuse_controls(value)
    marks = 0
    for at, character in enumerate(value):
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks > MAX_COMBINING_MARKS or character == REVERSES:
            raise Deceives(value.count("\n", 0, at) + 1)
    return value


def compose(value: str) -> str:
    """NFC of text that cannot be refused (incoming mail): overlong runs of marks are cut."""
    if _long_run(value) is not None:
        kept, run = [], 0
        for character in value:
            run = run + 1 if unicodedata.combining(character) else 0
            if run <= MAX_NON_STARTERS:
                kept.append(character)
        value = "".join(kept)
    return unicodedata.normalize("NFC", value)


def _long_run(value: str) -> int | None:
    """Start of a run of combining characters longer than MAX_NON_STARTERS, or None.

    Normalisation sorts a run in quadratic time: 20,000 marks take a second and fit in one field.
    """
    for found in _PERHAPS_LONG.finditer(value):
        run = 0
        for at in range(found.start(), found.end()):
            run = run + 1 if unicodedata.combining(value[at]) else 0
            if run > MAX_NON_STARTERS:
                return at + 1 - run
    return None


def is_visible(value: str) -> bool:
    """Whether the text has a letter, digit, punctuation mark or symbol."""
    return any(unicodedata.category(character)[0] in "LNPS" for character in value)


_CONTROLS = re.compile("[\x00-\x01\x03-\x08\x0e-\x1d\x7f-\x9f\ud800-\udfff]")


def _refuse_controls(value: str) -> None:
    found = _CONTROLS.search(value)
    if found is not None:
        raise Deceives(value.count("\n", 0, found.start()) + 1)
