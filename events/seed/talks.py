"""Sows the coffee round of last week's livestream: some met, some are set, some still to be answered."""


def sow_talks() -> None:
    """Everyone who said yes, matched by the real matching."""
