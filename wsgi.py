"""What gunicorn serves and what the flask command speaks to."""

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
