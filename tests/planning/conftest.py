"""The little house, in the file of `db`."""

import pytest

from accueil.store.db import Db
from tests.planning.little import furnish


@pytest.fixture
def little(db: Db) -> None:
    """The little house of `tests.planning.little`, loaded at MONDAY."""
    furnish(db)
