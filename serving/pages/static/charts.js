// Draws each chart of the page from the specification that stands beside it; without script its table says the same.
"use strict";

function configuration() {
  const look = getComputedStyle(document.documentElement);
  const colour = (name) => look.getPropertyValue(name).trim();
  return {
    background: "transparent",
    font: getComputedStyle(document.body).fontFamily,
    view: { stroke: null },
    axis: {
      labelColor: colour("--soft"), titleColor: colour("--soft"), gridColor: colour("--line"),
      domainColor: colour("--edge"), tickColor: colour("--edge"), titleFontWeight: "normal",
      labelFontSize: 12, titleFontSize: 12,
    },
    legend: { labelColor: colour("--ink"), titleColor: colour("--soft"), labelFontSize: 12, orient: "top" },
    title: { color: colour("--ink"), anchor: "start" },
    text: { color: colour("--ink"), fontSize: 12 },
  };
}

function draw() {
  const config = configuration();
  for (const place of document.querySelectorAll(".vega")) {
    const spec = JSON.parse(document.getElementById(place.dataset.spec).textContent);
    vegaEmbed(place, spec, { ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: false, config });
  }
}

draw();
// A reader's evening, or a printer; as the style sheet asks it.
matchMedia("screen and (prefers-color-scheme: dark)").addEventListener("change", draw);
