const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const hidden = new Set();
const views = new Map();

// Theme: as the system has it, until a reader chooses.
const THEMES = ["auto", "light", "dark"];
const NAMES = { auto: "as the system has it", light: "light", dark: "dark" };
const toggle = document.getElementById("theme");

function stored() {
  try { return localStorage.getItem("theme") ?? "auto"; } catch { return "auto"; }
}

function isDark() {
  const chosen = root.dataset.theme;
  return chosen ? chosen === "dark" : system.matches;
}

function setTheme(name) {
  if (name === "auto") delete root.dataset.theme; else root.dataset.theme = name;
  toggle.querySelector(".name").textContent = name;
  toggle.setAttribute("aria-label", `Colour theme: ${NAMES[name]}`);
  try { localStorage.setItem("theme", name); } catch { /* a file may not keep anything */ }
  for (const element of [...views.keys()]) draw(element);
}

toggle.addEventListener("click", () => {
  const now = root.dataset.theme ?? "auto";
  setTheme(THEMES[(THEMES.indexOf(now) + 1) % THEMES.length]);
});
system.addEventListener("change", () => { for (const element of [...views.keys()]) draw(element); });

// Charts are drawn when they come near the window.
const configs = JSON.parse(document.getElementById("chart-config")?.textContent ?? "{}");

async function draw(element) {
  const source = document.querySelector(`script[data-for="${element.dataset.chart}"]`);
  const previous = views.get(element);
  views.set(element, null);
  previous?.finalize();
  const result = await window.vegaEmbed(element, JSON.parse(source.textContent), {
    mode: "vega-lite",
    renderer: "svg",
    config: configs[isDark() ? "dark" : "light"],
    actions: { export: { svg: true, png: true }, source: false, compiled: false, editor: false },
    downloadFileName: element.dataset.chart,
  });
  views.set(element, result.view);
  element.dataset.drawn = isDark() ? "dark" : "light";
  hide(result.view);
}

function hide(view) {
  view.signal("hidden", [...hidden]).runAsync();
}

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (isIntersecting) { near.unobserve(target); draw(target); }
  }
}, { rootMargin: "600px" });

function drawAll() {
  for (const element of document.querySelectorAll("[data-chart]")) {
    if (!views.has(element)) { near.unobserve(element); draw(element); }
  }
}

if (window.vegaEmbed) {
  for (const element of document.querySelectorAll("[data-chart]")) near.observe(element);
  addEventListener("beforeprint", drawAll);
  if (location.hash === "#all") drawAll();
}

// Trackers that are unticked vanish from charts and tables.
for (const box of document.querySelectorAll(".key input")) {
  box.addEventListener("change", () => {
    if (box.checked) hidden.delete(box.value); else hidden.add(box.value);
    for (const part of document.querySelectorAll("[data-tracker]")) {
      part.hidden = hidden.has(part.dataset.tracker);
    }
    for (const view of views.values()) if (view) hide(view);
  });
}

// A heading sorts its table; once more turns the order. What has no value stays last.
function compare(first, second, sign) {
  const values = [first, second].map((cell) => cell.dataset.value);
  if (values[0] !== undefined && values[1] !== undefined) return sign * (values[0] - values[1]);
  if (values[0] !== undefined) return -1;
  if (values[1] !== undefined) return 1;
  return sign * first.textContent.localeCompare(second.textContent, undefined, { numeric: true });
}

function sort(heading) {
  const table = heading.closest("table");
  const column = heading.cellIndex;
  const first = heading.dataset.first ?? (heading.classList.contains("number") ? "descending" : "ascending");
  const other = first === "ascending" ? "descending" : "ascending";
  const order = heading.getAttribute("aria-sort") === first ? other : first;
  const sign = order === "ascending" ? 1 : -1;
  const rows = [...table.tBodies[0].rows];
  rows.sort((a, b) => compare(a.cells[column], b.cells[column], sign));
  for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", order);
  table.tBodies[0].append(...rows);
}

for (const button of document.querySelectorAll(".sortable th button")) {
  button.addEventListener("click", () => sort(button.parentElement));
}

setTheme(stored());
