// A letter: the focused value and its words, acceptance and correction, decisions; every act has a key.
import { help, listen, search } from "./keys.js";
import * as paper from "./paper.js";
import { flush, onAnswer, send, tellLine, token } from "./send.js";

const root = document.getElementById("letter"), facts = document.getElementById("facts"), told = document.getElementById("told");
const { letter, query } = root.dataset;
const opened = performance.now();
let version = Number(root.dataset.version), current = null, span = null, leaving = false;

const say = (text, stop = false) => { told.textContent = text; told.classList.toggle("stop", stop); };
const ask = (body) => { say("Keeping…"); return send(letter, { ...body, version, seconds: (performance.now() - opened) / 1000 }); };
const go = (id) => { if (id) location.href = `/letter/${encodeURIComponent(id)}${query ? "?" + query : ""}`; else location.href = `/${query ? "?" + query : ""}`; };
const slots = () => [...facts.querySelectorAll(".slot")].filter((s) => s.offsetParent);
const input = (slot) => slot.querySelector("input");

const focusOn = (slot) => {
  if (!slot || slot === current) return;
  current = slot; span = null; paper.clearChosen();
  paper.light(slot.dataset.lit);
};
facts.addEventListener("focusin", (event) => {
  const place = event.target.closest("[data-lit]");
  if (place?.classList.contains("slot")) focusOn(place); else if (place) paper.light(place.dataset.lit);
});
facts.addEventListener("mouseover", (event) => { const place = event.target.closest("[data-lit]"); if (place && !facts.contains(document.activeElement)) paper.light(place.dataset.lit); });
facts.addEventListener("click", (event) => {
  const choose = event.target.closest("[data-member]");
  if (choose) ask({ act: "member", member: choose.dataset.member });
});

const keep = (slot, more = {}) => {
  const field = input(slot);
  if (!more.absent && !more.accept && field.value === field.dataset.was) return false;
  slot.querySelector(".wrong").textContent = "";
  const body = { act: "correct", path: slot.dataset.path, text: field.value, ...(span ? { span } : {}), ...more };
  field.dataset.was = field.value;
  ask(body);
  span = null;
  return true;
};
facts.addEventListener("change", (event) => { const slot = event.target.closest(".slot"); if (slot) keep(slot); });

const doubts = () => slots().filter((s) => s.classList.contains("doubtful"));
const step = (by) => {
  const list = doubts();
  if (!list.length) { say("Nothing is in doubt."); return; }
  const at = list.indexOf(current);
  const to = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : (at + by + list.length) % list.length];
  to.focus(); to.scrollIntoView({ block: "nearest" });
};

const panel = (name) => {
  for (const form of document.querySelectorAll(".panel")) form.hidden = form.dataset.panel !== name;
  const form = name && document.querySelector(`.panel[data-panel="${name}"]`);
  if (!form) return;
  const first = form.querySelector("select, input, textarea");
  if (name === "ask") askDraft(form);
  first.focus();
};
const askDraft = async (form) => {
  const area = form.querySelector("textarea");
  if (area.value) return;
  const mine = localStorage.getItem("lmn-draft-" + letter);
  try {
    const answer = await fetch(`/letter/${encodeURIComponent(letter)}/draft`);
    area.value = mine || (answer.ok ? (await answer.json()).text : "");
  } catch { area.value = mine || ""; }
};
const area = document.querySelector("[data-draft]");
let typing = 0;
area.addEventListener("input", () => { localStorage.setItem("lmn-draft-" + letter, area.value); clearTimeout(typing); typing = setTimeout(keepDraft, 1200); });
const keepDraft = () => fetch(`/letter/${encodeURIComponent(letter)}/act`, {
  method: "POST", headers: { "content-type": "application/json", "x-csrf": document.body.dataset.csrf },
  body: JSON.stringify({ act: "draft", draft: area.value, version, token: token() }),
}).then((a) => { if (a.ok) say("Draft kept."); }, () => {});
document.querySelector("[data-docx]").addEventListener("click", async (event) => { event.preventDefault(); await keepDraft(); location.href = event.target.href; });

for (const form of document.querySelectorAll(".panel")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form));
    const name = form.dataset.panel;
    if (form.dataset.what) ask({ act: "decide", what: form.dataset.what, ...given });
    else ask({ act: name, ...given });
    if (name === "ask") localStorage.removeItem("lmn-draft-" + letter);
    panel(""); form.reset(); facts.focus();
  });
}

onAnswer((sent, status, answer) => {
  if (sent.letter !== letter && status < 400) { say(`${answer.says}`); return; }
  if (status === 409) {
    tellLine(`${answer.says} Load the letter again to see how it stands.`, true);
    say("Not done: somebody was faster.", true);
    sessionStorage.setItem("lmn-conflict", JSON.stringify(sent.body));
    return;
  }
  if (status >= 400) {
    const slot = sent.body.path && facts.querySelector(`.slot[data-path="${CSS.escape(sent.body.path)}"]`);
    if (slot) { slot.querySelector(".wrong").textContent = answer.says; input(slot).dataset.was = ""; }
    say(answer.says, true);
    return;
  }
  version = answer.version; root.dataset.version = version; root.dataset.state = answer.state;
  if (sent.body.act !== "draft") {
    const last = ["take", "note"].includes(sent.body.act) ? null : { letter, version };
    if (last) sessionStorage.setItem("lmn-last", JSON.stringify(last));
  }
  if (answer.done) { sessionStorage.setItem("lmn-told", `${answer.says} z undoes it.`); leaving = true; go(root.dataset.next); return; }
  const path = current?.dataset.path, inside = document.activeElement?.matches(".slot input"), top = facts.scrollTop;
  facts.innerHTML = answer.facts;
  facts.scrollTop = top;
  const box = document.getElementById("changes");
  if (answer.changes?.length) {
    const list = document.createElement("ul");
    for (const line of answer.changes) { const item = document.createElement("li"); item.textContent = line; list.append(item); }
    box.replaceChildren(list); box.hidden = false;
  }
  say(answer.changes?.length ? "Kept and judged again; what changed stands above." : answer.says);
  current = null;
  if (sent.body.then === "doubt" || sent.body.act === "correct") {
    const next = doubts()[0] || facts.querySelector(`.slot[data-path="${CSS.escape(path || "")}"]`);
    if (next && !inside) next.focus(); else facts.focus();
  } else facts.focus();
});

const undo = () => {
  const last = JSON.parse(sessionStorage.getItem("lmn-last") || "null");
  if (last && last.letter !== letter) {
    sessionStorage.removeItem("lmn-last");
    sessionStorage.setItem("lmn-undo", last.letter);
    location.href = `/letter/${encodeURIComponent(last.letter)}${query ? "?" + query : ""}`;
    return;
  }
  ask({ act: "undo" });
};

listen({
  next: () => go(root.dataset.next),
  previous: () => { if (root.dataset.previous) go(root.dataset.previous); },
  worklist: () => go(""),
  open: (event) => {
    if (event.target.closest(".panel")) { if (event.target.matches("textarea") && !event.ctrlKey) return false; event.target.closest("form").requestSubmit(); return; }
    const slot = event.target.closest(".slot");
    if (!slot) return false;
    if (event.target.matches("input")) { if (!keep(slot)) say("Nothing was changed."); slot.focus(); step(1); }
    else { input(slot).focus(); input(slot).select(); }
  },
  edit: () => { const slot = current || doubts()[0]; if (slot) { input(slot).focus(); input(slot).select(); } },
  accept: () => { const slot = current || doubts()[0]; if (slot) { slot.focus(); keep(slot, { accept: true }); } },
  absent: () => { if (current) keep(current, { absent: true }); },
  doubt: () => step(1),
  doubtBack: () => step(-1),
  leave: (event) => {
    document.getElementById("help").hidden = true;
    const slot = event.target.closest(".slot");
    if (slot && event.target.matches("input")) { input(slot).value = input(slot).dataset.was; span = null; paper.clearChosen(); slot.focus(); return; }
    if (area.value && !area.closest("form").hidden) keepDraft();
    panel(""); facts.focus();
  },
  note: () => panel("note"), approve: () => panel("approve"), deny: () => panel("deny"), ask: () => panel("ask"), notLetter: () => panel("notLetter"),
  duplicate: () => panel("duplicate"), reassign: () => panel("reassign"), move: () => panel("move"),
  take: () => ask({ act: "take" }),
  undo, search, help,
  zoomIn: paper.zoomIn, zoomOut: paper.zoomOut, fit: paper.fit, rotate: paper.rotate, pageNext: paper.pageNext, pageBack: paper.pageBack,
});

paper.words_of(letter, (text, range) => {
  if (!current) { say("Focus a value first, then click its words."); return ""; }
  if (!range) return span ? "more" : "new";
  span = range;
  const field = input(current);
  field.value = text;
  field.focus({ preventScroll: true });
  return "more";
}).then(() => { root.dataset.ready = "1"; });

document.querySelector(".pages").addEventListener("click", (event) => {
  const mark = event.target.closest(".mark");
  const slot = mark && !span && facts.querySelector(`[data-lit="${mark.id}"]`);
  if (slot && !current) { slot.focus(); slot.scrollIntoView({ block: "nearest" }); }
});

const carried = sessionStorage.getItem("lmn-told");
if (carried) { say(carried); sessionStorage.removeItem("lmn-told"); }
if (sessionStorage.getItem("lmn-undo") === letter) { sessionStorage.removeItem("lmn-undo"); ask({ act: "undo" }); }
if (root.dataset.next) setTimeout(() => fetch(`/letter/${encodeURIComponent(root.dataset.next)}/warm`).catch(() => {}), 400);
facts.focus({ preventScroll: true });
flush();
