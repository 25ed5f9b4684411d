"""Authentication-Results (RFC 8601): only our own server's DMARC pass proves a sender."""

import pytest

from events.core.mail.parser import parse
from events.core.mail.sender_authentication import is_forged, is_proven, read_verdicts

OURS = "mx.ontmoet.test"
BRAM = "bram@example.test"
PASS = f"{OURS}; dmarc=pass header.from=example.test"
UNPROVEN = [
    "",
    f"{OURS}; none",
    f"{OURS}; spf=fail",
    f"{OURS}; dmarc=none",
    f"{OURS}; dmarc = none",
    f"{OURS}; dmarc=temperror header.from=example.test",
    f"{OURS}; dmarc=bestguesspass header.from=example.test",
    f"{OURS}; dmarc=pass header.from=evil.test",
    f"{OURS}; dmarc=pass header.from=sub.example.test",
    f'{OURS}; spf=pass reason="dmarc=pass"',
    f"{OURS}; spf=pass (dmarc=pass)",
    f"{OURS}; dkim=pass header.d=example.test; spf=pass",
    f"{OURS}; dmarc=pass; dmarc=none",
    "mx.evil.test; dmarc=pass header.from=example.test",
    f"{OURS}.evil.test; dmarc=pass header.from=example.test",
    f"({OURS}) mx.evil.test; dmarc=pass header.from=example.test",
    "dmarc=pass header.from=example.test",
    f"{OURS}; dmarc=pass ((((",
    f"{OURS}; x=y; dmarc=pass " + "(" * 3000,
]
FORGED = [
    f"{OURS}; dmarc=fail",
    f"{OURS}; dmarc = fail",
    f"{OURS}; dmarc/1=fail",
    f"{OURS}; dmarc=(p=reject) fail",
    f"{OURS} 1; spf=pass; DMARC=FAIL (p=none) header.from=example.test",
    f"{OURS}; dmarc=pass; dmarc=fail",
]
PROVEN = [
    PASS,
    PASS.upper().replace("PASS", "pass"),
    f"{OURS} 1; spf=pass smtp.mailfrom=x.test; dmarc=pass (p=REJECT dis=NONE) header.from=example.test",
    f"{OURS}; dmarc=pass",
    f'{OURS}; dkim=pass reason="a; dmarc=fail"; dmarc=pass header.from="example.test"',
]


@pytest.mark.parametrize("results", UNPROVEN)
def test_what_is_not_said_by_our_server_in_so_many_words_proves_nothing(results: str) -> None:
    assert not is_proven(read_verdicts([results]), OURS, BRAM)


@pytest.mark.parametrize("results", FORGED)
def test_a_failure_is_read_in_every_form_of_the_grammar(results: str) -> None:
    verdicts = read_verdicts([results])
    assert is_forged(verdicts, OURS)
    assert is_forged(verdicts, "")
    assert not is_proven(verdicts, OURS, BRAM)


@pytest.mark.parametrize("results", PROVEN)
def test_our_servers_pass_proves_the_sender(results: str) -> None:
    verdicts = read_verdicts([results])
    assert is_proven(verdicts, OURS, BRAM)
    assert not is_proven(verdicts, "", BRAM)
    assert verdicts[0].domain in {"", "example.test"}


def test_a_forged_header_beside_our_own_takes_the_proof_away() -> None:
    assert not is_proven(read_verdicts([f"{OURS}; dmarc=none", PASS]), OURS, BRAM)
    assert is_proven(read_verdicts([f"{OURS}; spf=pass", PASS]), OURS, BRAM)


@pytest.mark.parametrize("quoted", ["a(b@evil.test", "<a@evil.test>", "é@evil.test", "(@evil.test", '"'])
def test_a_forged_authentication_results_header_has_no_effect(quoted: str) -> None:
    """MAIL FROM stands in that header; with it unreadable, one below in the same name would count alone."""
    spoilt = f"{OURS}; spf=pass smtp.mailfrom={quoted}; dmarc=fail header.from=example.test"
    assert not is_proven(read_verdicts([spoilt, PASS]), OURS, BRAM)
    assert is_proven(read_verdicts([spoilt.replace(OURS, "mx.evil.test"), PASS]), OURS, BRAM)


def test_folded_headers_of_a_mail_are_read_from_the_top() -> None:
    results = f"Authentication-Results: {OURS};\r\n dmarc=pass\r\n header.from=example.test\r\n"
    raw = f"{results}From: {BRAM}\r\n\r\nJa."
    found = parse(raw.encode())
    assert is_proven(found.verdicts, OURS, found.sender)
