// The map of risk and use on the overview. Drawn by Chart.js from the table behind it, so that picture and table cannot differ.

const figure = document.querySelector("[data-map]");

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);
const probe = document.createElement("span");
probe.hidden = true;
document.body.append(probe);
const colour = (name) => { probe.style.color = `var(${name})`; return getComputedStyle(probe).color; };
const faint = (rgb, alpha) => rgb.replace(/^rgb\(/, "rgba(").replace(/\)$/, `, ${alpha})`);
const levels = { Low: "--r1", Guarded: "--r2", Elevated: "--r3", High: "--r4", Severe: "--r5" };

function points() {
  return [...document.querySelectorAll("#map-table tbody tr")].map((row) => ({
    x: Number(row.dataset.x), y: Number(row.dataset.y), r: Number(row.dataset.r) * Math.min(1, figure.clientWidth / 520),
    name: row.dataset.name, level: row.dataset.level, undecided: row.dataset.undecided === "yes",
    said: row.dataset.said, href: row.querySelector("a").href,
  })).sort((a, b) => b.r - a.r);
}

const quadrants = {
  id: "quadrants",
  beforeDatasetsDraw({ ctx, chartArea: area, scales: { x, y } }) {
    const middle = { x: x.getPixelForValue(x.max / 2), y: y.getPixelForValue(50) };
    ctx.save();
    ctx.strokeStyle = colour("--line-2");
    ctx.setLineDash([3, 4]);
    ctx.beginPath();
    ctx.moveTo(middle.x, area.top); ctx.lineTo(middle.x, area.bottom);
    ctx.moveTo(area.left, middle.y); ctx.lineTo(area.right, middle.y);
    ctx.stroke();
    ctx.fillStyle = colour("--ink-3");
    ctx.font = `12px ${css("--sans")}`;
    const narrow = area.width < 420;
    const say = (long, short, left, top) => {
      ctx.textAlign = left ? "left" : "right";
      ctx.fillText(narrow ? short : long, left ? area.left + 2 : area.right - 2, top ? area.top - 8 : area.bottom - 8);
    };
    say("Few use it, risky: ask them why", "Few, risky", true, true);
    say("Many use it, risky: talk first", "Many, risky", false, true);
    say("Few use it, harmless: leave it", "Few, harmless", true, false);
    say("Many use it, harmless: approve it", "Many, harmless", false, false);
    ctx.restore();
  },
};

// Names beside the bubbles that matter most, as long as they do not cover each other.
const names = {
  id: "names",
  afterDatasetsDraw(chart) {
    const { ctx, chartArea: area } = chart;
    const drawn = chart.getDatasetMeta(0).data.map((at, n) => {
      const { r } = chart.data.datasets[0].data[n];
      return { n, left: at.x - r, right: at.x + r, top: at.y - r, bottom: at.y + r };
    });
    ctx.save();
    ctx.font = `600 12px ${css("--sans")}`;
    ctx.fillStyle = colour("--ink");
    ctx.textBaseline = "middle";
    ctx.strokeStyle = faint(colour("--card"), 0.85); // a rim, so that a name over a bubble stays readable
    ctx.lineWidth = 3;
    ctx.lineJoin = "round";
    const weight = ({ x, y, r }) => y * (x + r);
    const order = chart.data.datasets[0].data.map((point, n) => ({ point, n })).sort((a, b) => weight(b.point) - weight(a.point));
    for (const { point, n } of order.slice(0, 14)) {
      const at = chart.getDatasetMeta(0).data[n];
      const width = ctx.measureText(point.name).width;
      const beside = point.r + 5;
      const box = (left, y, inside = false) => ({ n, y, inside, left, right: left + width, top: y - 8, bottom: y + 8 });
      const middle = at.x - width / 2;
      const within = box(middle, at.y, true);
      const around = [box(at.x + beside, at.y), box(at.x - beside - width, at.y), box(middle, at.y - beside - 5), box(middle, at.y + beside + 5)];
      const places = width < 2 * point.r - 4 ? [within, ...around] : point.r > 14 ? [...around.slice(0, 3), within, around[3]] : around;
      const meets = (one, other) => one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
      const covers = (one) => one.left < area.left || one.right > area.right + 10 || one.top < area.top || drawn.some((other) => (other.y ? true : !one.inside && other.n !== n) && meets(one, other));
      const free = places.find((one) => !covers(one));
      if (!free) continue;
      drawn.push(free);
      ctx.strokeText(point.name, free.left, free.y);
      ctx.fillText(point.name, free.left, free.y);
    }
    ctx.restore();
  },
};

let chart;
function draw() {
  chart?.destroy();
  const data = points();
  const ink = colour("--ink-2");
  const grid = colour("--line");
  const most = Math.max(...data.map((point) => point.x), 10);
  const axis = (title) => ({ title: { display: true, text: title, color: ink }, ticks: { color: ink }, grid: { color: grid, drawTicks: false }, border: { display: false }, min: 0 });
  chart = new Chart(figure.querySelector("canvas"), {
    type: "bubble",
    data: { datasets: [{
      data, clip: 40,
      backgroundColor: data.map((point) => faint(colour(levels[point.level]), point.undecided ? 0.72 : 0.08)),
      borderColor: data.map((point) => colour(levels[point.level])),
      borderWidth: 1.75, hoverBorderWidth: 3,
    }] },
    options: {
      animation: false, maintainAspectRatio: false, responsive: true,
      layout: { padding: { top: 24, right: 12, bottom: 4, left: 4 } },
      scales: {
        x: { ...axis("Share of people who use it, %"), max: Math.min(100, Math.ceil(most * 1.15 / 10) * 10) },
        y: { ...axis("Risk here (100 is worst)"), max: 100 },
      },
      plugins: {
        legend: { display: false },
        tooltip: { displayColors: false, callbacks: { title: ([item]) => item.raw.name, label: (item) => item.raw.said.split("; ") } },
      },
      onClick: (_event, [hit]) => { if (hit) window.location.assign(data[hit.index].href); },
      onHover: (event, [hit]) => { event.native.target.style.cursor = hit ? "pointer" : ""; },
    },
    plugins: [quadrants, names],
  });
}

if (figure && window.Chart && points().length) {
  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
