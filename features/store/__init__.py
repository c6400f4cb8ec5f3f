"""The embedded store: where it is, and what is kept in it."""

from features.store.engine import Store, open_store
from features.store.keys import StoredKey, add_key, all_keys, find_key, find_key_by_id, revoke_key, touch_key

__all__ = [
    "Store",
    "StoredKey",
    "add_key",
    "all_keys",
    "find_key",
    "find_key_by_id",
    "open_store",
    "revoke_key",
    "touch_key",
]
