"""What gunicorn serves and what the flask command speaks to."""

# ruff: noqa: E402 - the collector rests from before the first of two thousand modules until the last
import gc

gc.disable()  # nothing of what is loaded is garbage; looking for it took a sixth of each start

import os

from pydantic import ValidationError

from events.app import create_app
from events.cli import app_that_refuses
from events.core.config import UnsafeSettings

os.umask(0o077)  # the database, media, mails and backups are for nobody else on this machine

try:
    app = create_app()
except (UnsafeSettings, ValidationError) as refusal:
    app = app_that_refuses(refusal)

gc.freeze()
gc.enable()
