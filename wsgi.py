"""What gunicorn serves and what the flask command speaks to."""

from pydantic import ValidationError

from events.app import create_app
from events.cli import app_that_refuses
from events.core.config import UnsafeSettings

try:
    app = create_app()
except (UnsafeSettings, ValidationError) as refusal:
    app = app_that_refuses(refusal)
