"""How every chart looks: one type, few colours, quiet axes, a title that says what to see."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import altair as alt

from features.attributes import Side

Picture = alt.LayerChart

TEAL, AMBER, INK, GREY, PALE = "#0f766e", "#d97706", "#1f2937", "#6b7280", "#e5e7eb"
SIDE_COLOURS = {Side.FIT: TEAL, Side.ENGAGEMENT: AMBER}
WIDTH, HEIGHT = 480, 340  # of the drawing area, in pixels
PNG_SCALE = 2  # sharp on screens with twice the pixels

_FONT = "Inter, Helvetica Neue, Arial, Liberation Sans, DejaVu Sans, sans-serif"
_AXIS: dict[str, Any] = {
    "labelColor": GREY,
    "titleColor": INK,
    "titleFontWeight": "normal",
    "labelFontSize": 12,
    "titleFontSize": 12.5,
    "titlePadding": 10,
    "gridColor": PALE,
    "domainColor": "#9ca3af",
    "tickColor": "#9ca3af",
    "labelPadding": 5,
    "labelFlush": False,
}


def rows(values: Sequence[Mapping[str, object]]) -> alt.InlineData:
    """Give rows as the data of a chart."""
    return alt.InlineData(values=[dict(row) for row in values])


def percent_axis(**more: Any) -> alt.Axis:
    """Give an axis in whole percent."""
    return alt.Axis(format=".0%", tickCount=6, **more)


def finished(layers: Sequence[alt.Chart], title: str, subtitle: str, height: int = HEIGHT) -> Picture:
    """Lay charts over one another under a title, in our style."""
    heading = alt.TitleParams(
        title,
        subtitle=subtitle,
        anchor="start",
        frame="group",
        font=_FONT,
        fontSize=16,
        color=INK,
        subtitleColor=GREY,
        subtitleFontSize=12.5,
        subtitlePadding=6,
        offset=16,
    )
    chart = alt.layer(*layers).properties(title=heading, width=WIDTH, height=height, padding=18, background="white")
    quiet = chart.configure(font=_FONT).configure_view(stroke=None).configure_axis(**_AXIS)
    legend = {"orient": "top", "title": None, "labelFontSize": 12.5, "labelColor": INK, "labelLimit": 320}
    styled: Picture = quiet.configure_legend(symbolType="circle", offset=8, **legend)
    return styled


def save_png(chart: Picture, path: Path) -> None:
    """Write a chart as a picture, without a browser."""
    chart.save(str(path), format="png", scale_factor=PNG_SCALE)


def save_json(chart: Picture, path: Path) -> None:
    """Write a chart as Vega-Lite, to be opened, changed or shown in a page."""
    chart.save(str(path), format="json")
