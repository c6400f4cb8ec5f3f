"""Charts drawn without a browser: for mails, and for other documents."""

from typing import Any

from markupsafe import Markup

from serving.pages.charts.chart import Chart

WIDTH = 540  # pixels, where a chart would be as wide as its page
PNG_SCALE = 2.0  # sharp on screens with twice the pixels
INK, SOFT, LINE, EDGE = "#17202b", "#556170", "#dfe4ea", "#76818e"  # of pages.css
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
LABEL_SIZE = 12
CONFIG: dict[str, Any] = {  # as charts.js has it
    "background": "white",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT,
        "titleColor": SOFT,
        "gridColor": LINE,
        "domainColor": EDGE,
        "tickColor": EDGE,
        "titleFontWeight": "normal",
        "labelFontSize": LABEL_SIZE,
        "titleFontSize": LABEL_SIZE,
    },
    "legend": {"labelColor": INK, "titleColor": SOFT, "orient": "top", "labelFontSize": LABEL_SIZE},
    "title": {"color": INK, "anchor": "start"},
    "text": {"color": INK, "fontSize": LABEL_SIZE},
}


def chart_svg(chart: Chart) -> Markup:
    """Give a chart as an SVG element to stand in a page."""
    import vl_convert  # noqa: PLC0415 - large, and slow to import

    return Markup(vl_convert.vegalite_to_svg(_specification(chart), config=CONFIG))  # noqa: S704 - it escapes texts


def chart_png(chart: Chart) -> bytes:
    """Give a chart as a PNG picture."""
    import vl_convert  # noqa: PLC0415

    return bytes(vl_convert.vegalite_to_png(_specification(chart), scale=PNG_SCALE, config=CONFIG))


def _specification(chart: Chart) -> dict[str, Any]:
    said = chart.drawing.to_dict()
    return said | {"width": WIDTH} if said.get("width") == "container" else said
