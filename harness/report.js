"use strict";
// Tables sort by a heading; a cell of a map says what stands behind it; print shows what is folded.

function value(cell) {
  const v = cell.dataset.v ?? cell.textContent.trim();
  const number = parseFloat(v);
  return v !== "" && Number.isFinite(number) && /^[-+]?[\d.]/.test(v) ? number : v;
}

// numbers before texts, "–" (no figure) at the end whichever way
function compare(a, b, sign) {
  const none = (x) => x === "–" || x === "";
  if (none(a) || none(b)) return none(a) - none(b);
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return sign * (typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true }));
}

function sort(heading) {
  const sign = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  const body = heading.closest("table").tBodies[0];
  const rows = [...body.rows].map((row) => [value(row.cells[heading.cellIndex]), row]);
  for (const other of heading.parentNode.cells) other.setAttribute("aria-sort", "none");
  heading.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
  rows.sort((a, b) => compare(a[0], b[0], sign));
  body.append(...rows.map((row) => row[1]));
}

for (const heading of document.querySelectorAll("table.sortable th[aria-sort]"))
  heading.querySelector("button").addEventListener("click", () => sort(heading));

const data = JSON.parse(document.getElementById("map-data").textContent);
// "1x57,3": 57 steps of 1 and one of 3, from zero on
function numbers(steps) {
  const all = [];
  let at = 0;
  for (const [step, times = 1] of steps ? steps.split(",").map((run) => run.split("x").map(Number)) : [])
    for (let i = 0; i < times; i++) all.push((at += step));
  return all;
}
// of each boundary that the record tells of, its three texts
function cells(map) {
  const [boundary = [], ...texts] = data.maps[map].map(numbers);
  return new Map(boundary.map((at, i) => [at, texts.map((column) => data.texts[column[i]])]));
}

const words = { o: "the context is intact", x: "registers lost", c: "the machine crashed", h: "the machine hung" };

function open(map, at) {
  const { outcomes, across } = map.dataset;
  if (at < 0 || at >= outcomes.length) return;
  map.chosen = at;
  let mark = map.querySelector(".chosen");
  if (!mark) {
    mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    mark.setAttribute("class", "chosen");
    mark.setAttribute("width", 1);
    mark.setAttribute("height", 1);
    map.append(mark);
  }
  mark.setAttribute("x", at % across);
  mark.setAttribute("y", Math.floor(at / across));
  map.cells ??= cells(map.dataset.map);
  const [before, side, lost] = map.cells.get(at) ?? ["-", "-", ""];
  const panel = map.parentNode.querySelector(".cell");
  panel.textContent = `Boundary ${at}` + (before !== "-" ? `, before ${before}` : "") + (side !== "-" ? ` (${side})` : "") +
    `: ${words[outcomes[at]]}${lost ? ": " + lost : ""}.`;
}

for (const map of document.querySelectorAll("svg.map")) {
  const across = Number(map.dataset.across);
  map.addEventListener("click", (event) => {
    const box = map.getBoundingClientRect(), size = box.width / across;
    open(map, Math.floor((event.clientX - box.left) / size) + across * Math.floor((event.clientY - box.top) / size));
  });
  map.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across, Enter: 0 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    open(map, map.chosen === undefined ? 0 : map.chosen + step);
  });
}

addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details:not([open])")) {
    folded.open = true;
    folded.dataset.folded = "";
  }
});
addEventListener("afterprint", () => {
  for (const folded of document.querySelectorAll("details[data-folded]")) {
    folded.open = false;
    delete folded.dataset.folded;
  }
});
