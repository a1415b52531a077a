import time
from uuid import UUID

from accueil.store.ids import new_id


def test_ids_are_all_different() -> None:
    assert len({new_id() for _ in range(10_000)}) == 10_000


def test_ids_made_at_different_moments_sort_by_time() -> None:
    ids = []
    for _ in range(20):
        ids.append(new_id())
        time.sleep(0.002)
    assert ids == sorted(ids)


def test_ids_are_uuids_of_version_7_that_tell_their_time() -> None:
    before = time.time_ns() // 1_000_000
    made = UUID(new_id())
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert before <= made.int >> 80 <= after
