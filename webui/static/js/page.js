// What every page shares: keys, panels that close, bulk choice. Every page works without it.

const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr")].filter((row) => row.querySelector("a[data-open]"));
const linkOf = (row) => row?.querySelector("a[data-open]");
const here = () => rows().findIndex((row) => row.contains(document.activeElement));

function move(by) {
  const all = rows();
  if (!all.length) return false;
  const at = here();
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by));
  linkOf(all[next]).focus();
  return true;
}

function decide() {
  const form = document.querySelector("#decide");
  if (form) {
    form.scrollIntoView({ block: "nearest" });
    (form.querySelector("input[type=radio]:checked") ?? form.querySelector("input:not([type=hidden]), button"))?.focus();
    return true;
  }
  const row = rows()[here()];
  if (row) window.location.assign(`${linkOf(row).href.split("#")[0]}#decide`);
  return Boolean(row);
}

const keys = () => document.querySelector("#keys");
const actions = {
  "/": () => document.querySelector("#find")?.focus() ?? document.querySelector("#find") !== null,
  "?": () => { keys()?.showModal(); return true; },
  d: decide,
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
};

function typing(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, dialog, [contenteditable], details[open].drop") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details.drop[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
    document.querySelector(".rail.open")?.classList.remove("open");
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (actions[event.key]?.()) event.preventDefault();
});

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.drop[open]")) if (!open.contains(event.target)) open.open = false;
  if (event.target.closest("[data-keys]")) { event.target.closest("details")?.removeAttribute("open"); keys()?.showModal(); }
  if (event.target.closest("[data-print]")) window.print();
});

// A table wider than its box is moved with the keyboard as well.
const sideways = new ResizeObserver((boxes) => {
  for (const { target } of boxes) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
const watch = () => document.querySelectorAll(".table-box:not([role])").forEach((box) => sideways.observe(box));
watch();
document.addEventListener("htmx:after:swap", watch);

// Bulk choice: one box for all, and a bar that appears once something is chosen.
document.addEventListener("change", (event) => {
  const table = event.target.closest("form[data-bulk]");
  if (!table) return;
  const boxes = [...table.querySelectorAll("td input[type=checkbox]")];
  const all = table.querySelector("th input[type=checkbox]");
  if (event.target === all) for (const box of boxes) box.checked = all.checked;
  const chosen = boxes.filter((box) => box.checked).length;
  if (all) { all.checked = chosen === boxes.length; all.indeterminate = chosen > 0 && chosen < boxes.length; }
  const bar = table.querySelector(".bulk");
  bar.hidden = chosen === 0;
  bar.querySelector("[data-chosen]").textContent = chosen === 1 ? "1 service" : `${chosen} services`;
});

if (window.location.hash === "#decide") decide();
