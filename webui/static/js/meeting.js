// Keys of a meeting's screens, its quiet clock, what was typed and not yet decided, and how long each need took. Every screen works without it.

const MINUTE = 60;
const EVERY = 30_000; // how often the time on a screen is kept
const find = (selector) => document.querySelector(selector);
const press = (selector) => { const found = find(selector); found?.click(); return Boolean(found); };
const enter = (selector) => { const found = find(selector); found?.focus(); return Boolean(found); };

const keys = {
  ArrowRight: () => press("a[data-next]"),
  ArrowLeft: () => press("a[data-before]"),
  PageDown: () => press("a[data-next]"),
  PageUp: () => press("a[data-before]"),
  a: () => press("[data-agenda]"),
  u: () => press("[data-undo]"),
  o: () => enter("#owner"),
  n: () => enter("#note"),
};

const typing = (target) => target.closest("input:not([type=radio], [type=checkbox]), textarea, select, dialog[open]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const option = document.querySelectorAll("[name=option]")[Number(event.key) - 1];
  if (option) { option.click(); option.focus(); }
  if (option || keys[event.key]?.()) event.preventDefault();
});

find("[data-help]")?.addEventListener("click", () => find("#keys").showModal());

// What was typed stays while somebody looks at another need; once it is decided there is no form, and nothing is kept.
const form = find("#decide");
const place = window.location.pathname;
const fields = () => [...form.elements].filter((field) => field.name && !["hidden", "submit"].includes(field.type));
const ticked = (field) => ["radio", "checkbox"].includes(field.type);

function restore(kept) {
  for (const field of fields()) {
    const said = kept.filter(([name]) => name === field.name).map(([, value]) => value);
    if (ticked(field)) field.checked = said.includes(field.value);
    else if (said.length) [field.value] = said;
  }
}

if (form) {
  const kept = sessionStorage.getItem(place);
  if (kept) restore(JSON.parse(kept));
  let dated = find("#review_by").value !== find("[name=option]:checked")?.dataset.until;
  document.addEventListener("input", (event) => { // fields of the form stand outside it, too
    if (event.target.form !== form) return;
    if (event.target.id === "review_by") dated = true;
    if (event.target.name === "option" && !dated) find("#review_by").value = event.target.dataset.until;
    const said = fields().filter((field) => !ticked(field) || field.checked);
    sessionStorage.setItem(place, JSON.stringify(said.map((field) => [field.name, field.value])));
  });
} else sessionStorage.removeItem(place);

// The clock counts while a need is on the screen.
const need = find("[data-meeting]");
const clock = find("[data-clock]");
const opened = Date.now();
let since = opened;

function spend() {
  const seconds = Math.round((Date.now() - since) / 1000);
  if (!need?.dataset.spent || seconds < 1) return;
  since = Date.now();
  const said = new FormData();
  said.set("csrf_token", need.dataset.token);
  said.set("seconds", seconds);
  navigator.sendBeacon(need.dataset.spent, said);
}

function tick() {
  if (document.visibilityState === "hidden") return;
  spend();
  const { gone, planned } = clock.parentElement.dataset;
  const minutes = Math.floor((Number(gone) + (Date.now() - opened) / 1000) / MINUTE);
  const left = Number(planned) - minutes;
  clock.textContent = `${minutes} min gone, ${left < 0 ? `${-left} over` : `${left} left`}`;
}

if (need && clock) {
  setInterval(tick, EVERY);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") spend(); else since = Date.now(); });
  window.addEventListener("pagehide", spend);
}
