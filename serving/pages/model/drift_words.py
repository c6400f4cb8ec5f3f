"""What drifted, in words."""

from collections.abc import Mapping

from features.findings import Severity
from serving.pages.model.value_words import value_word
from serving.pages.wording.feature_words import feature_title
from serving.pages.wording.formats import Formats
from serving.pages.wording.marked import N_
from serving.reports.model.drift_found import Drift, Shift

SENTENCES: Mapping[str, str] = {
    "column": N_("%(feature)s, which the model reads, is not in the data any more, or is of another kind now."),
    "calibration": N_("%(newest)s of the newer leads became SQLs; their scores had promised %(learned)s."),
    "base_rate": N_("%(newest)s of the newer leads became SQLs; of those the model learned from it were %(learned)s."),
    "score": N_(
        "The scores lie elsewhere than they did: %(share)s of the newest leads score %(value)s, where %(before)s "
        "of those learned from did."
    ),
    "missing": N_(
        "%(feature)s is not known of %(newest)s of the newest leads; of those learned from it was not of %(learned)s."
    ),
    "level": N_(
        "%(feature)s is “%(value)s” on %(newest)s of the newest leads; it was on at most %(learned)s of those "
        "learned from."
    ),
    "event_type": N_("%(newest)s of the newest leads have %(feature)s, a kind of event that the model does not know."),
    "volume": N_("%(feature)s: %(newest_number)s a lead now; it was %(learned_number)s when the model learned."),
    "distribution": N_(
        "%(feature)s is “%(value)s” on %(share)s of the newest leads; it was on %(before)s of those learned from."
    ),
}
GRAVITY: Mapping[Severity, str] = {
    Severity.ERROR: N_("grave"),
    Severity.WARNING: N_("worth a look"),
    Severity.INFO: N_("nothing moved"),
}


def shift_sentence(shift: Shift, f: Formats) -> str:
    """Say one thing that moved."""
    most = shift.most_changed
    return f.words(SENTENCES[shift.kind]) % {
        "feature": feature_title(shift.feature, shift.title, f),
        "newest": f.percent(shift.newest, 1),
        "learned": f.percent(shift.learned, 1),
        "newest_number": f.number(shift.newest, 2),
        "learned_number": f.number(shift.learned, 2),
        "value": "" if most is None else value_word(most.label, f),
        "share": f.percent(None if most is None else most.newest, 1),
        "before": f.percent(None if most is None else most.learned, 1),
    }


def gravity_word(severity: Severity, f: Formats) -> str:
    """Say how grave a difference is."""
    return f.words(GRAVITY[severity])


def drift_sentence(drift: Drift, f: Formats) -> str:
    """Say what was compared with what."""
    if not drift.leads:
        return f.words("There was no newer lead to compare yet.")
    compared = f.words(
        "%(newest)s newer leads were compared with the %(learned)s that version %(version)s learned from."
    )
    return compared % {
        "newest": f.number(drift.leads),
        "learned": f.number(drift.learned),
        "version": drift.version,
    }
