"""The registry: which models there are, which one is served, and the steps from one to the next."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from features.errors import StoreError
from features.problems import did_you_mean
from training.records.champions import LONGEST_WHY, Change, ChangeKind, before, moment_after, read_changes, reigns
from training.records.tracking import is_begun, open_client, said_plainly

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion, RegisteredModel

CHAMPION = "champion"  # is served
CHALLENGER = "challenger"  # is compared with the champion
DIGEST_TAG = "bundle_digest"
TRAINED_AT_TAG = "trained_at"
METRIC_TAGS = ("log_loss", "roc_auc")  # of the holdout, for lists of versions
BEST_TAG = "best_version"  # of the registered model: the yardstick that keeps small steps from leading down

_PAGE = 200


@dataclass(frozen=True)
class Version:
    """A registered version. `metrics` are the holdout's headline numbers; `run_id` is the run with all the others."""

    number: str
    created_at: datetime
    aliases: tuple[str, ...]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    run_id: str

    @property
    def digest(self) -> str | None:
        """Give the digest of the bundle as it was recorded; None where something else registered the version."""
        return self.tags.get(DIGEST_TAG)


@dataclass(frozen=True)
class Registry:
    """The versions of one registered model. Every method raises StoreError where the registry cannot be reached."""

    tracking_uri: str
    model_name: str

    def versions(self) -> tuple[Version, ...]:
        """Give all versions, newest first; none before the first training."""
        model = self._model()
        return () if model is None else self._versions(model)

    def champion(self) -> Version | None:
        """Give the version that is served; None where none was promoted yet."""
        return self._aliased(CHAMPION)

    def challenger(self) -> Version | None:
        """Give the version that is compared with the champion; None where there is none."""
        return self._aliased(CHALLENGER)

    def best(self) -> Version | None:
        """Give the best champion so far by evidence; None where there is none, or it was deleted."""
        model = self._model()
        number = None if model is None else model.tags.get(BEST_TAG)
        return next((version for version in self.versions() if version.number == number), None)

    def set_best(self, name: str) -> None:
        """Note a version as the best so far."""
        number = self.version(name).number
        with self._reached() as client:
            client.set_registered_model_tag(self.model_name, BEST_TAG, number)

    def version(self, name: str) -> Version:
        """Give a version by its number or by an alias. Raises StoreError, with what is near or known, for another."""
        versions = self.versions()
        for version in versions:
            if name == version.number or name in version.aliases:
                return version
        if not versions:
            raise StoreError(f"there is no model {self.model_name!r} yet; make one with: leadsift train")
        known = [*(alias for version in versions for alias in version.aliases), *(each.number for each in versions)]
        raise StoreError(f"model {self.model_name!r} has no version {name!r}; {did_you_mean(name, known)}")

    def promote(self, name: str, who: str, why: str) -> Version:
        """Make a version the champion, which deploys it; where it is champion already, nothing changes."""
        version = self.version(name)
        champion = self.champion()
        if champion is not None and champion.number == version.number:
            return version
        if champion is not None:
            self._note_if_new(champion.number)
        if CHALLENGER in version.aliases:
            self._delete_alias(CHALLENGER)
        return self._crown(version.number, ChangeKind.PROMOTE, who, why)

    def before_champion(self) -> str | None:
        """Give the version that a rollback leads to: the champion before, of those there are; None where none was."""
        champion = self.champion()
        number = champion.number if champion else None
        there = {version.number for version in self.versions()} - {number}
        return next((each for each in reversed(before(reigns(self.changes()), number)) if each in there), None)

    def rollback(self, who: str, why: str) -> Version:
        """Make the champion before this one the champion again; repeated, step by step back to the first.

        Versions deleted meanwhile are passed over. A version that is taken back is the best so far no more: what it
        promised did not hold. Raises StoreError where there is nothing to go back to.
        """
        champion, earlier = self.champion(), self.before_champion()
        if earlier is None:
            remedy = "choose a version with: leadsift promote VERSION"
            raise StoreError(f"model {self.model_name!r} has no earlier champion to roll back to; {remedy}")
        back = self._crown(earlier, ChangeKind.ROLLBACK, who, why)
        if champion is not None:
            self._tag(champion, _noted("taken_back", who, why))
            best = self.best()
            if best is not None and best.number == champion.number:
                self.set_best(back.number)
        return back

    def set_challenger(self, name: str) -> Version:
        """Make a version the challenger."""
        number = self.version(name).number
        self._set_alias(CHALLENGER, number)
        return self.version(number)

    def changes(self) -> tuple[Change, ...]:
        """Give every change of champion that was noted, oldest first."""
        model = self._model()
        return () if model is None else read_changes(model.tags)

    def download(self, name: str, into: Path) -> Path:
        """Copy the bundle of a version (its number or an alias) into a folder; give the folder with the files."""
        version = self.version(name)
        with self._reached() as client:
            source = client.get_model_version_download_uri(self.model_name, version.number)
        try:
            return self._fetch(source, into)
        except StoreError as error:
            lost = f"the files of version {version.number} of model {self.model_name!r} cannot be fetched from {source}"
            raise StoreError(f"{lost}; promote another version, or train again") from error

    @cached_property
    def _client(self) -> "MlflowClient":
        return open_client(self.tracking_uri)

    @contextmanager
    def _reached(self) -> Iterator["MlflowClient"]:
        client = self._client
        with said_plainly(self.tracking_uri):
            yield client

    def _fetch(self, source: str, into: Path) -> Path:
        from mlflow.artifacts import download_artifacts  # noqa: PLC0415 - takes seconds, so only where it is used

        with said_plainly(self.tracking_uri):
            return Path(download_artifacts(artifact_uri=source, dst_path=str(into), tracking_uri=self.tracking_uri))

    @property
    def _filter(self) -> str:
        return f'name="{self.model_name}"'

    def _model(self) -> "RegisteredModel | None":
        if not is_begun(self.tracking_uri):
            return None
        with self._reached() as client:
            return next(iter(client.search_registered_models(self._filter)), None)

    def _versions(self, model: "RegisteredModel") -> tuple[Version, ...]:
        found: list[ModelVersion] = []
        token: str | None = ""
        with self._reached() as client:
            while token is not None:
                page = client.search_model_versions(self._filter, max_results=_PAGE, page_token=token or None)
                found.extend(page)
                token = page.token or None
        versions = [_version(each, model) for each in found]
        return tuple(sorted(versions, key=lambda version: int(version.number), reverse=True))

    def _aliased(self, alias: str) -> Version | None:
        model = self._model()
        if model is None or alias not in model.aliases:
            return None
        with self._reached() as client:
            return _version(client.get_model_version(self.model_name, str(model.aliases[alias])), model)

    def _crown(self, number: str, kind: ChangeKind, who: str, why: str) -> Version:
        # The alias first: stopped between the two, the history lacks a line, but no rollback leads to a wrong version.
        self._set_alias(CHAMPION, number)
        self._note(number, kind, who, why)
        version = self.version(number)
        tags = _noted("champion", who, why) | {"champion.kind": kind.value}
        self._tag(version, tags)
        return replace(version, tags={**version.tags, **tags})

    def _tag(self, version: Version, tags: Mapping[str, str]) -> None:
        """Tag a version and the run that it came from, for people who open either in MLflow's pages."""
        from mlflow.exceptions import MlflowException  # noqa: PLC0415 - takes seconds, so only where it is used

        with self._reached() as client:
            for name, value in tags.items():
                client.set_model_version_tag(self.model_name, version.number, name, value)
                if version.run_id:
                    with suppress(MlflowException):  # the run may have been deleted; the version says the same
                        client.set_tag(version.run_id, name, value)

    def _note_if_new(self, champion: str) -> None:
        """Note a champion that was made by moving the alias in MLflow itself, so that a rollback finds it."""
        if reigns(self.changes())[-1:] != [champion]:
            self._note(champion, ChangeKind.FOUND, "unknown", "the alias was moved in MLflow")

    def _note(self, number: str, kind: ChangeKind, who: str, why: str) -> None:
        at = moment_after(self.changes(), datetime.now(UTC))
        with self._reached() as client:
            client.set_registered_model_tag(self.model_name, *Change(number, kind, who, why, at).tag())

    def _set_alias(self, alias: str, number: str) -> None:
        with self._reached() as client:
            client.set_registered_model_alias(self.model_name, alias, number)

    def _delete_alias(self, alias: str) -> None:
        with self._reached() as client:
            client.delete_registered_model_alias(self.model_name, alias)


def _noted(what: str, who: str, why: str) -> dict[str, str]:
    at = datetime.now(UTC).isoformat()
    return {f"{what}.at": at, f"{what}.who": who, f"{what}.why": why[:LONGEST_WHY]}


def _version(found: "ModelVersion", model: "RegisteredModel") -> Version:
    number = str(found.version)
    aliases = sorted(alias for alias, aliased in model.aliases.items() if str(aliased) == number)
    return Version(
        number=number,
        created_at=datetime.fromtimestamp(found.creation_timestamp / 1000, UTC),
        aliases=tuple(aliases),
        metrics={name: float(found.tags[name]) for name in METRIC_TAGS if name in found.tags},
        tags=found.tags,
        run_id=found.run_id or "",
    )
