"""What the tests of the register share."""

from __future__ import annotations

from tests.support.published import dutch_site, union_site

__all__ = ["dutch_site", "union_site"]  # fixtures
