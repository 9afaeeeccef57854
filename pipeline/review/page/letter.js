"use strict";
(() => {
  const inside = window.parent !== window;
  const tell = (message) => { if (inside) window.parent.postMessage(message, "*"); };
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const marks = new Map([...document.querySelectorAll(".mark")].map((mark) => [mark.id, mark]));
  const values = [...document.querySelectorAll("[data-lit]")];

  const bring = (pane, target) => {
    if (!pane || !target) return;
    const view = pane.getBoundingClientRect(), box = target.getBoundingClientRect();
    if (box.top >= view.top + 10 && box.bottom <= view.bottom - 10) return;
    const top = pane.scrollTop + box.top - view.top - Math.max(20, (view.height - box.height) / 3);
    pane.scrollTo({ top, behavior: calm ? "auto" : "smooth" });
  };
  const light = (key, on) => { const mark = marks.get(key); if (mark) mark.classList.toggle("lit", on); return mark; };
  let waiting = 0;
  const show = (key) => {
    const mark = light(key, true);
    clearTimeout(waiting);
    if (mark) waiting = setTimeout(() => bring(document.querySelector(".pages"), mark), 120);
  };
  const hide = (key) => { clearTimeout(waiting); light(key, false); };

  for (const value of values) {
    const key = value.dataset.lit;
    value.addEventListener("mouseenter", () => show(key));
    value.addEventListener("mouseleave", () => hide(key));
    value.addEventListener("focusin", () => show(key));
    value.addEventListener("focusout", () => hide(key));
    value.addEventListener("click", (event) => { event.preventDefault(); show(key); });
  }
  for (const [key, mark] of marks) {
    const value = values.find((one) => one.dataset.lit === key);
    if (!value) continue;
    mark.addEventListener("mouseenter", () => value.classList.add("here"));
    mark.addEventListener("mouseleave", () => value.classList.remove("here"));
    mark.addEventListener("click", () => bring(document.querySelector(".facts"), value));
  }
  const zoom = () => { for (const figure of document.querySelectorAll("figure")) figure.classList.toggle("big"); };
  for (const thumb of document.querySelectorAll(".thumb")) thumb.addEventListener("click", () => document.querySelector(`figure[data-page="${thumb.dataset.page}"]`).scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" }));
  for (const button of document.querySelectorAll("button[data-zoom]")) button.addEventListener("click", zoom);
  const press = (key) => {
    if (key === "z") { zoom(); return true; }
    if (inside && ["j", "k", "/", "?"].includes(key)) { tell({ key }); return true; }
    const turn = document.querySelector(key === "j" ? "a[rel=next]" : key === "k" ? "a[rel=prev]" : "nothing");
    if (turn) { turn.click(); return true; }
    return false;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (press(event.key)) event.preventDefault();
  });
  window.addEventListener("message", (event) => {
    if (event.source === window.parent && event.data && event.data.key === "z") zoom();
  });
  if (inside) for (const part of document.querySelectorAll(".turn")) part.hidden = true;
  const slug = document.body.dataset.slug;
  if (slug) tell({ slug });
})();
