// Uploads one file after another with its progress, so that many large logs can be dropped at once. Without it the form sends them together.

const zone = document.querySelector("[data-drop]");
const list = document.querySelector("[data-uploads]");
const waiting = [];
let busy = false;

const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`);

function line(file) {
  const item = list.querySelector("template").content.firstElementChild.cloneNode(true);
  item.querySelector("[data-name]").textContent = file.name;
  list.append(item);
  return item;
}

function send({ file, item }) {
  const body = new FormData();
  body.append("log", file, file.name);
  const request = new XMLHttpRequest();
  const says = item.querySelector("[data-says]");
  const bar = item.querySelector("progress");
  const began = performance.now();
  item.querySelector("button").addEventListener("click", () => request.abort());
  request.upload.addEventListener("progress", (event) => {
    const rate = event.loaded / Math.max(0.001, (performance.now() - began) / 1000);
    bar.max = event.total;
    bar.value = event.loaded;
    const left = Math.ceil((event.total - event.loaded) / rate);
    says.textContent = event.loaded < event.total ? `${size(event.loaded)} of ${size(event.total)}, ${size(rate)} a second, ${left} s left` : "Arrived. Putting it in line";
  });
  const over = (sentence) => {
    if (sentence) { item.classList.add("bad"); says.textContent = sentence; bar.remove(); item.querySelector("button").remove(); } else item.remove();
    busy = false;
    next();
  };
  request.addEventListener("load", () => over(request.status < 300 ? null : request.responseText || "The log did not arrive. Please try again."));
  request.addEventListener("error", () => over("The connection broke before the log had arrived. Nothing was kept; please try again."));
  request.addEventListener("abort", () => over("Stopped. Nothing was kept."));
  request.open("POST", zone.action);
  request.setRequestHeader("X-CSRFToken", zone.elements.csrf_token.value);
  request.setRequestHeader("Accept", "text/plain");
  request.send(body);
}

function next() {
  if (busy) return;
  const job = waiting.shift();
  if (job) { busy = true; send(job); } else if (window.htmx) window.htmx.trigger("#imports", "arrived");
}

function take(files) {
  for (const file of files) waiting.push({ file, item: line(file) });
  next();
}

if (zone) {
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer.files); });
  const input = zone.querySelector("input[type=file]");
  input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
  zone.querySelector("button[type=submit]")?.remove();
}
