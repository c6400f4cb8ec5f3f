"""Pictures of drift: what moved and how far, and each thing that moved as it was and as it is."""

import re
from pathlib import Path

import altair as alt

from features.errors import DataError
from features.findings import Severity
from features.problems import Problem, shorten
from training.drifting.drift import Drift
from training.drifting.feature_shifts import STABILITY
from training.drifting.shift import Shift
from training.pictures.chart_style import AMBER, GREY, INK, PNG_SCALE, TEAL, Picture, finished, percent_axis, rows
from training.pictures.charts import calibration

SHOWN = 15  # features in the overview
PICTURES = 12  # of single shifts: the gravest
NAMED = 3  # drifted things in the title
CELLS = 12  # bars pairs in one picture, those that changed most
ENDINGS = (".png", ".svg", ".html", ".json")

_RED = "#b91c1c"
_COLOURS = {Severity.INFO: TEAL, Severity.WARNING: AMBER, Severity.ERROR: _RED}
_BAR_PIXELS = 28


def drift_pictures(drift: Drift) -> dict[str, Picture]:
    """Give the pictures by file name: the overview, one for each shift that was found, and the calibration."""
    found = [shift for shift in drift.found if shift.shares][:PICTURES]
    pictures = {"drift": overview(drift)} if drift.shifts else {}
    pictures |= {f"{at:02}-{_file_name(shift)}": before_and_now(shift) for at, shift in enumerate(found, start=1)}
    if drift.matured is not None:
        pictures["calibration"] = calibration(drift.matured.tenths)
    return pictures


def overview(drift: Drift) -> Picture:
    """Draw the stability index of the score and of the features that moved most, against the two usual limits."""
    moved = sorted(
        (shift for shift in drift.shifts if shift.kind in {"distribution", "score"}), key=lambda each: -each.measure
    )[:SHOWN]
    values = [
        {"title": shorten(shift.title), "index": shift.measure, "severity": shift.severity.value} for shift in moved
    ]
    end = 1.1 * max([STABILITY[1], *(shift.measure for shift in moved)])
    x = alt.X("index:Q", title="Population stability index", scale=alt.Scale(domain=[0, end]))
    y = alt.Y("title:N", title=None, sort=None, axis=alt.Axis(labelLimit=260))
    colours = alt.Scale(domain=[each.value for each in _COLOURS], range=list(_COLOURS.values()))
    bars = alt.Chart(rows(values)).mark_bar(cornerRadiusEnd=3)
    limits = alt.Chart(rows([{"index": limit} for limit in STABILITY]))
    graver = [shift.title for shift in drift.found]
    return finished(
        [
            bars.encode(x=x, y=y, color=alt.Color("severity:N", scale=colours)),
            limits.mark_rule(color=GREY, strokeDash=[5, 4]).encode(x=x),
        ],
        f"Drifted: {'; '.join(map(shorten, list(dict.fromkeys(graver))[:NAMED]))}" if graver else "Nothing drifted",
        f"{drift.leads:,} leads {drift.which}, against the {drift.learned:,} that version {drift.version} learned from",
        height=max(3, len(moved)) * _BAR_PIXELS,
    )


def before_and_now(shift: Shift) -> Picture:
    """Draw the shares of leads by value: pale as learned from, strong as among the newest."""
    names = {"learned": "Learned from", "newest": "Newest"}
    changed = sorted(shift.shares, key=lambda share: -abs(share.newest - share.learned))[:CELLS]
    shown = [share for share in shift.shares if share in changed]
    values = [
        {"value": shorten(share.label), "leads": name, "share": getattr(share, field)}
        for share in shown
        for field, name in names.items()
    ]
    colours = alt.Scale(domain=list(names.values()), range=["#94a3b8", _COLOURS[shift.severity]])
    base = alt.Chart(rows(values)).encode(
        x=alt.X("share:Q", title="Share of leads", axis=percent_axis()),
        y=alt.Y("value:N", title=None, sort=None, axis=alt.Axis(labelLimit=260)),
        yOffset=alt.YOffset("leads:N", sort=list(names.values())),
    )
    return finished(
        [
            base.mark_bar(cornerRadiusEnd=2).encode(color=alt.Color("leads:N", scale=colours)),
            base.mark_text(align="left", dx=4, color=INK, fontSize=11).encode(text=alt.Text("share:Q", format=".1%")),
        ],
        shorten(shift.title),
        shift.detail.removeprefix(f"{shift.title}: ").split("; it ")[0],
        height=max(2, len(shown)) * int(1.5 * _BAR_PIXELS),
    )


def save_chart(drift: Drift, path: Path) -> None:
    """Write the overview, as the ending says: .png, .svg, .html or .json (Vega-Lite). Raises DataError for another."""
    check_chart_file(path)
    try:
        overview(drift).save(str(path), scale_factor=PNG_SCALE)
    except OSError as error:
        raise DataError([Problem(f"cannot be written ({error.strerror})", "write elsewhere", str(path))]) from error


def check_chart_file(path: Path) -> None:
    """Raise DataError where a chart cannot be written to a file of this name."""
    if path.suffix.lower() not in ENDINGS:
        allowed = ", ".join(ENDINGS)
        raise DataError([Problem("has no ending that a chart can have", f"use one of {allowed}", value=path.name)])


def _file_name(shift: Shift) -> str:
    """Give a name that every file system takes: features are called what the CRM calls them."""
    return f"{shift.kind}-{re.sub(r'[^a-z0-9]+', '-', shift.title.lower()).strip('-')[:40]}".strip("-")
