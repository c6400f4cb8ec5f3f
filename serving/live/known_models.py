"""Models of earlier versions, to explain scores that they gave."""

from collections import OrderedDict
from datetime import tzinfo
from pathlib import Path
from threading import Lock

from features.errors import BundleError
from serving.live.live_model import LiveModel
from serving.model.bundle import read_bundle
from serving.published import KEPT, kept


class KnownModels:
    """Reads the models that are still kept in the folder of published bundles, and holds on to a few of them.

    `leadsift` keeps the last few that were published there; every version ever trained is in the registry, which the
    service does not know.
    """

    def __init__(self, root: Path, zone: tzinfo) -> None:
        self._root = root
        self._zone = zone
        self._lock = Lock()
        self._read: OrderedDict[str, LiveModel] = OrderedDict()

    def of(self, version: str) -> LiveModel | None:
        """Give the model of a version; None where it is not kept, or no longer sound."""
        with self._lock:
            if version not in self._read:
                live = self._live(version)
                if live is None:
                    return None
                self._read[version] = live
            self._read.move_to_end(version)
            if len(self._read) > KEPT:
                self._read.popitem(last=False)
            return self._read[version]

    def _live(self, version: str) -> LiveModel | None:
        try:
            folder = kept(self._root, version)
            return None if folder is None else LiveModel(read_bundle(folder, version), self._zone)
        except (BundleError, OSError):
            return None
