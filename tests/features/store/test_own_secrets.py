"""The store's own secrets are made once, are the same for all, and differ by what they are for."""

from features.store import Store, open_store
from features.store.own_secrets import SecretName, find_secret, forget_secret, made_secret


def test_a_secret_is_made_once_and_the_same_for_all_who_share_the_store(store: Store, store_url: str) -> None:
    with store.writing() as connection:
        assert find_secret(connection, SecretName.SESSIONS) is None
        made = made_secret(connection, SecretName.SESSIONS)
    other = open_store(store_url)
    with other.writing() as connection:
        assert made_secret(connection, SecretName.SESSIONS) == made
    other.close()
    assert len(made) == 32


def test_secrets_for_different_things_differ(store: Store) -> None:
    with store.writing() as connection:
        assert made_secret(connection, SecretName.SESSIONS) != made_secret(connection, SecretName.ERASED_LEADS)


def test_a_forgotten_secret_is_made_anew_and_others_stay(store: Store) -> None:
    with store.writing() as connection:
        before = {name: made_secret(connection, name) for name in SecretName}
        forget_secret(connection, SecretName.SESSIONS)
        after = {name: made_secret(connection, name) for name in SecretName}
    assert after[SecretName.SESSIONS] != before[SecretName.SESSIONS]
    assert after[SecretName.ERASED_LEADS] == before[SecretName.ERASED_LEADS]
