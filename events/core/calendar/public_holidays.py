"""Public holidays by country, read from the `holidays` library, and the country of a time zone."""

import unicodedata
from datetime import date
from functools import lru_cache

import holidays
from babel import Locale
from babel.core import get_global
from holidays.registry import EntityLoader

DEFAULT_COUNTRY = "NL"
COUNTRIES = frozenset(EntityLoader.get_country_codes(include_aliases=False))  # ISO 3166-1 alpha-2
# 5 May is a Dutch day of celebration every year, though an official day off only every fifth.
_CATEGORIES = {"NL": ("public", "optional")}


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Days off in the whole country, with the days observed in place of those in a weekend.

    Days of one region only are left out. Raises NotImplementedError for an unknown country.
    """
    categories = _CATEGORIES.get(country, ("public",))
    return frozenset(holidays.country_holidays(country, years=year, categories=categories))


def country_of_zone(zone: str) -> str:
    """ISO 3166-1 code of the country of a time zone, by CLDR; DEFAULT_COUNTRY for UTC and the like."""
    canonical = get_global("zone_aliases").get(zone, zone)
    country: str = get_global("zone_territories").get(canonical, "")
    return country if country in COUNTRIES else DEFAULT_COUNTRY


@lru_cache(maxsize=4)
def country_choices(locale: str) -> list[tuple[str, str]]:
    """(code, name) of every country with known holidays, by name in that language."""
    names = Locale.parse(locale).territories
    return sorted(((code, names[code]) for code in COUNTRIES), key=lambda choice: _sort_key(choice[1]))


def _sort_key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    return "".join(character for character in plain if not unicodedata.combining(character)).casefold()
