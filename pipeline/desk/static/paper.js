// The page pictures: zoom, pan, turn, thumbnails, boxes that light up, words that can be clicked.
const pane = document.querySelector(".pages");
const figures = [...pane.querySelectorAll("figure")];
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const NS = "http://www.w3.org/2000/svg";
let zoom = Number(sessionStorage.getItem("lmn-zoom")) || 1, turned = 0, words = {};
if (zoom !== 1) pane.style.setProperty("--zoom", zoom);

const set = (to) => {
  const middle = (pane.scrollTop + pane.clientHeight / 2) / pane.scrollHeight;
  zoom = Math.min(5, Math.max(0.3, to));
  pane.style.setProperty("--zoom", zoom);
  sessionStorage.setItem("lmn-zoom", zoom); // the next letter opens as large
  pane.scrollTop = middle * pane.scrollHeight - pane.clientHeight / 2;
};
export const zoomIn = () => set(zoom * 1.25);
export const zoomOut = () => set(zoom / 1.25);
export const fit = () => set(1);
export const rotate = () => {
  turned = (turned + 90) % 360;
  for (const figure of figures) {
    const paper = figure.querySelector(".paper"), wide = Number(figure.dataset.width), high = Number(figure.dataset.height);
    const shrink = turned % 180 ? Math.min(1, wide / high) : 1;
    paper.style.transform = turned ? `rotate(${turned}deg) scale(${shrink})` : "";
  }
};
const current = () => figures.findIndex((f) => f.getBoundingClientRect().bottom > pane.getBoundingClientRect().top + 60);
const go = (n) => {
  const figure = figures[Math.max(0, Math.min(figures.length - 1, n))];
  if (figure) pane.scrollTo({ top: figure.offsetTop - pane.offsetTop - 8, behavior: "auto" });
};
export const pageNext = () => go(current() + 1);
export const pageBack = () => go(current() - 1);

const bring = (target) => {
  const view = pane.getBoundingClientRect(), box = target.getBoundingClientRect();
  if (box.top >= view.top + 20 && box.bottom <= view.bottom - 20 && box.left >= view.left && box.right <= view.right) return;
  pane.scrollTo({
    top: pane.scrollTop + box.top - view.top - Math.max(30, (view.height - box.height) / 3),
    left: pane.scrollLeft + box.left - view.left - Math.max(20, (view.width - box.width) / 2), behavior: calm ? "auto" : "smooth",
  });
};
export const light = (key) => {
  for (const mark of pane.querySelectorAll(".mark.lit")) mark.classList.remove("lit");
  const mark = key && document.getElementById(key);
  if (mark) { mark.classList.add("lit"); bring(mark); }
};
export const clearChosen = () => { for (const group of pane.querySelectorAll(".chosen")) group.replaceChildren(); };

const show = (page, from, to) => {
  clearChosen();
  const group = pane.querySelector(`figure[data-page="${page}"] .chosen`);
  const taken = words[page].filter(([start, end]) => start < to && from < end);
  for (const [, , x0, y0, x1, y1] of taken) {
    const rect = document.createElementNS(NS, "rect");
    for (const [name, value] of Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 })) rect.setAttribute(name, value);
    group.append(rect);
  }
  return taken.map((w) => w[6]).join(" ");
};

// Calls `picked(text, [start, end])` when words are clicked: one click is one word, a further click (or a drag) extends.
export const words_of = async (letter, picked) => {
  try {
    const answer = await fetch(`/letter/${encodeURIComponent(letter)}/words`);
    if (answer.ok) words = await answer.json();
  } catch { /* without a connection the page is looked at, not clicked */ }
  let from = null, page = 0, range = null;
  const at = (event, figure) => {
    const box = figure.querySelector(".boxes");
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(box.getScreenCTM().inverse());
    const [x, y] = [point.x, point.y];
    return (words[figure.dataset.page] || []).find(([, , x0, y0, x1, y1]) => x >= x0 - 1.5 && x <= x1 + 1.5 && y >= y0 - 1.5 && y <= y1 + 1.5);
  };
  let held = null;
  for (const figure of figures) {
    const paper = figure.querySelector(".paper");
    if ((words[figure.dataset.page] || []).length) paper.classList.add("words");
    paper.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      const word = at(event, figure);
      if (!word) { held = { x: event.clientX, y: event.clientY, left: pane.scrollLeft, top: pane.scrollTop }; paper.setPointerCapture(event.pointerId); return; }
      event.preventDefault();
      const goes = picked("", null);
      if (!goes) return;
      if (!range || goes === "new" || page !== figure.dataset.page) range = [word[0], word[1]];
      else range = [Math.min(range[0], word[0]), Math.max(range[1], word[1])];
      from = word; page = figure.dataset.page;
      picked(show(page, ...range), range);
    });
    paper.addEventListener("pointermove", (event) => {
      if (held) { pane.scrollLeft = held.left + held.x - event.clientX; pane.scrollTop = held.top + held.y - event.clientY; return; }
      if (!from || !(event.buttons & 1)) return;
      const word = at(event, figure);
      if (!word || page !== figure.dataset.page) return;
      range = [Math.min(from[0], word[0]), Math.max(from[1], word[1])];
      picked(show(page, ...range), range);
    });
    for (const kind of ["pointerup", "pointercancel"]) paper.addEventListener(kind, () => { held = null; from = null; });
  }
};
pane.addEventListener("wheel", (event) => { if (event.ctrlKey) { event.preventDefault(); set(zoom * (event.deltaY < 0 ? 1.1 : 1 / 1.1)); } }, { passive: false });
const thumbs = [...document.querySelectorAll(".thumb")];
thumbs.forEach((thumb, n) => thumb.addEventListener("click", () => go(n)));
const watch = () => thumbs.forEach((thumb, n) => thumb.toggleAttribute("aria-current", n === current()));
pane.addEventListener("scroll", watch, { passive: true });
for (const thumb of thumbs) thumb.removeAttribute("aria-current");
watch();
