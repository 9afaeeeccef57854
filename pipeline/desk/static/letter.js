// A letter: the focused value and its words, acceptance and correction, decisions; every act has a key.
import { help, listen, search } from "./keys.js";
import * as paper from "./paper.js";
import { flush, onAnswer, send, tellLine, token } from "./send.js";

const root = document.getElementById("letter"), facts = document.getElementById("facts"), told = document.getElementById("told");
const { letter, query, queue } = root.dataset;
const opened = performance.now();
const typedKey = "lmn-typed-" + letter;
let version = Number(root.dataset.version), current = null, span = null, leaving = false;

const say = (text, stop = false) => { told.textContent = text; told.classList.toggle("stop", stop); };
const ask = (body) => { say("Keeping…"); return send(letter, { ...body, version, list: query || `queue=${queue}`, result: root.dataset.result, seconds: (performance.now() - opened) / 1000 }); };
const go = (id) => { if (id) location.href = `/letter/${encodeURIComponent(id)}${query ? "?" + query : ""}`; else location.href = back(); };
const back = () => { const list = JSON.parse(sessionStorage.getItem("lmn-list") || "{}"); return list.query === query ? `/${list.search}` : `/${query ? "?" + query : ""}`; };
const place = JSON.parse(sessionStorage.getItem("lmn-place") || '{"order":[]}');
sessionStorage.setItem("lmn-place", JSON.stringify({ ...place, letter })); // the list is found at this row again
const slots = () => [...facts.querySelectorAll(".slot")].filter((s) => s.checkVisibility?.() ?? s.offsetParent); // a closed <details> hides what has an offset parent
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
  const choose = event.target.closest("[data-member]"), out = event.target.closest("[data-remove]");
  if (choose) ask({ act: "member", member: choose.dataset.member });
  if (out) keep(out.closest(".slot"), { absent: true });
});

const keep = (slot, more = {}) => {
  const field = input(slot);
  if (!more.absent && !more.accept && field.value === field.dataset.was) return false;
  slot.querySelector(".wrong").textContent = "";
  const body = { act: "correct", path: slot.dataset.path, text: field.value, ...(span ? { span } : {}), ...more };
  field.dataset.was = field.value;
  sessionStorage.removeItem(typedKey);
  ask(body);
  span = null;
  return true;
};
// What is half typed into a value outlives a page that is loaded anew.
facts.addEventListener("input", (event) => {
  const slot = event.target.closest(".slot");
  if (slot) sessionStorage.setItem(typedKey, JSON.stringify({ act: "correct", path: slot.dataset.path, text: event.target.value, ...(span ? { span } : {}) }));
});
facts.addEventListener("change", (event) => { const slot = event.target.closest(".slot"); if (slot) keep(slot); });

const stops = () => (doubts().length ? doubts() : slots()); // where "next doubtful" halts: with nothing in doubt, at every value
const doubts = () => slots().filter((s) => s.classList.contains("doubtful"));
const step = (by) => {
  const list = stops();
  if (!list.length) { say("There is no value to go to."); return; }
  const at = list.indexOf(current);
  const to = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : (at + by + list.length) % list.length];
  to.focus(); to.scrollIntoView({ block: "nearest" });
};

// What is half written in a panel is kept in this browser until it is done.
const halfKey = (form) => `lmn-half-${letter}-${form.dataset.panel}`;
const panel = (name) => {
  for (const form of document.querySelectorAll(".panel")) form.hidden = form.dataset.panel !== name;
  const form = name && document.querySelector(`.panel[data-panel="${name}"]`);
  if (!form) return;
  if (name === "ask") openDrafts();
  else fill(form, JSON.parse(sessionStorage.getItem(halfKey(form)) || "{}"));
  form.querySelector("select, input, label:not([hidden]) textarea").focus();
};
const fill = (form, given) => { for (const [name, value] of Object.entries(given)) if (form.elements[name]) form.elements[name].value = value; };

const askForm = document.querySelector('.panel[data-panel="ask"]');
const areas = [...askForm.querySelectorAll("[data-draft]")];
const draftKey = (area) => `lmn-draft-${letter}-${area.name}`;
let reader = "provider", typing = 0;
const openDrafts = async () => {
  if (areas.every((area) => area.value)) return;
  let texts = {};
  try { const answer = await fetch(`/letter/${encodeURIComponent(letter)}/draft`); if (answer.ok) texts = await answer.json(); } catch { /* what is kept here is shown */ }
  for (const area of areas) area.value ||= localStorage.getItem(draftKey(area)) || texts[area.name] || "";
};
const choose = (name) => {
  reader = name;
  for (const label of askForm.querySelectorAll("[data-draft-of]")) label.hidden = label.dataset.draftOf !== name;
  for (const button of askForm.querySelectorAll("[data-reader]")) button.setAttribute("aria-pressed", button.dataset.reader === name);
  for (const link of askForm.querySelectorAll("[data-file]")) link.href = `/letter/${letter}/request/${name}.${link.dataset.file}`;
  areas.find((area) => area.name === name).focus();
};
for (const button of askForm.querySelectorAll("[data-reader]")) button.addEventListener("click", () => choose(button.dataset.reader));
const keepDraft = async (area) => {
  if (!area.value || !localStorage.getItem(draftKey(area))) return;
  try {
    const answer = await fetch(`/letter/${encodeURIComponent(letter)}/act`, {
      method: "POST", headers: { "content-type": "application/json", "x-csrf": document.body.dataset.csrf },
      body: JSON.stringify({ act: "draft", reader: area.name, text: area.value, version, token: token() }),
    });
    if (answer.ok) say("Draft kept.");
  } catch { /* it stays in this browser */ }
};
for (const area of areas) area.addEventListener("input", () => { localStorage.setItem(draftKey(area), area.value); clearTimeout(typing); typing = setTimeout(() => keepDraft(area), 1200); });
for (const link of askForm.querySelectorAll("[data-file]"))
  link.addEventListener("click", async (event) => { event.preventDefault(); for (const area of areas) await keepDraft(area); location.href = link.href; });

for (const form of document.querySelectorAll(".panel")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form));
    const name = form.dataset.panel;
    if (form.dataset.what) ask({ act: "decide", what: form.dataset.what, ...given });
    else ask({ act: name, ...given });
    sessionStorage.removeItem(halfKey(form));
    panel(""); form.reset(); facts.focus();
  });
  if (form !== askForm) form.addEventListener("input", () => sessionStorage.setItem(halfKey(form), JSON.stringify(Object.fromEntries(new FormData(form)))));
}

// The right side is made anew when an answer comes; what is being typed meanwhile stays, with the focus, the caret and
// the chosen words, so that no key falls through to the page and is taken for a command.
const typedIn = () => document.activeElement?.matches("input, textarea, select") && document.activeElement;
const renew = (html) => {
  const field = typedIn(), slot = field && field.closest("#facts .slot"), top = facts.scrollTop;
  const held = slot && { path: slot.dataset.path, text: field.value, was: field.dataset.was, from: field.selectionStart, to: field.selectionEnd, span };
  facts.innerHTML = html;
  facts.scrollTop = top;
  current = null;
  const place = held && facts.querySelector(`.slot[data-path="${CSS.escape(held.path)}"]`);
  if (!place) return;
  const again = input(place);
  if (held.text !== held.was) again.value = held.text;
  again.focus({ preventScroll: true });
  if (held.text !== held.was) again.setSelectionRange(held.from, held.to); else again.select();
  current = place; span = held.span;
};
onAnswer((sent, status, answer) => {
  if (sent.letter !== letter && status < 400) { say(`${answer.says}`); return; }
  if (status === 409) {
    tellLine(`${answer.says} See how it stands, then do it again if it still holds. `, true, true);
    say("Not done: the letter changed meanwhile.", true);
    sessionStorage.setItem("lmn-conflict-" + letter, JSON.stringify(sent.body));
    return;
  }
  if (status >= 400) {
    const slot = sent.body.path && facts.querySelector(`.slot[data-path="${CSS.escape(sent.body.path)}"]`);
    if (slot) { slot.querySelector(".wrong").textContent = answer.says; input(slot).dataset.was = ""; }
    if (sent.body.act !== "correct") takeUp(sent.body);
    say(answer.says, true);
    return;
  }
  if (sent.body.what === "request_info") for (const area of areas) localStorage.removeItem(draftKey(area));
  version = answer.version; root.dataset.version = version; root.dataset.state = answer.state; root.dataset.result = answer.result;
  if (sent.body.act !== "draft") {
    const last = ["take", "note"].includes(sent.body.act) ? null : { letter, version };
    if (last) sessionStorage.setItem("lmn-last", JSON.stringify(last));
  }
  if (answer.done) { sessionStorage.setItem("lmn-told", `${answer.says} z undoes it.`); leaving = true; go(answer.next); return; }
  const path = current?.dataset.path;
  renew(answer.facts);
  const box = document.getElementById("changes");
  if (answer.changes?.length) {
    const list = document.createElement("ul");
    for (const line of answer.changes) { const item = document.createElement("li"); item.textContent = line; list.append(item); }
    box.replaceChildren(list); box.hidden = false;
  }
  say(answer.changes?.length ? "Kept and judged again; what changed stands above." : answer.says);
  if (typedIn()) return;
  const next = sent.body.act === "correct" && (doubts()[0] || facts.querySelector(`.slot[data-path="${CSS.escape(path || "")}"]`));
  (next || facts).focus({ preventScroll: !next });
});

const add = (name) => {
  const slot = facts.querySelector(`[data-add="${name}"] .slot`);
  if (!slot) return;
  slot.focus(); input(slot).focus(); slot.scrollIntoView({ block: "nearest" });
  say("Click its words on the page, then press Enter.");
};
// What was refused because the letter had changed stands ready to be done again.
const takeUp = (body) => {
  if (body.act === "correct") {
    const slot = facts.querySelector(`.slot[data-path="${CSS.escape(body.path)}"]`);
    if (!slot || body.accept || body.absent) return say("Not kept before: look at the value again.", true);
    slot.focus(); span = body.span || null; input(slot).value = body.text; input(slot).focus();
    return say("Not kept before: press Enter to keep it now.", true);
  }
  const form = document.querySelector(`.panel[data-what="${CSS.escape(body.what || "")}"], .panel[data-panel="${CSS.escape(body.act)}"]`);
  if (!form) return undefined;
  panel(form.dataset.panel);
  fill(form, body);
  return say("Not done before: it stands ready to be done now.", true);
};

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
    if (!slot || !input(slot)) return false;
    if (event.target.matches("input")) { if (!keep(slot)) say("Nothing was changed."); slot.focus(); step(1); }
    else { input(slot).focus(); input(slot).select(); }
  },
  edit: () => { const slot = current || stops()[0]; if (slot) { input(slot).focus(); input(slot).select(); } },
  accept: () => { const slot = current || doubts()[0]; if (slot) { slot.focus(); keep(slot, { accept: true }); } },
  absent: () => { if (current) keep(current, { absent: true }); },
  doubt: () => step(1),
  doubtBack: () => step(-1),
  leave: (event) => {
    document.getElementById("help").hidden = true;
    const slot = event.target.closest(".slot");
    if (slot && event.target.matches("input")) { input(slot).value = input(slot).dataset.was; sessionStorage.removeItem(typedKey); span = null; paper.clearChosen(); slot.focus(); return; }
    if (!askForm.hidden) for (const area of areas) keepDraft(area);
    panel(""); facts.focus();
  },
  note: () => panel("note"), approve: () => panel("approve"), deny: () => panel("deny"), ask: () => panel("ask"), notLetter: () => panel("notLetter"),
  duplicate: () => panel("duplicate"), reopen: () => panel("reopen"), addDiagnosis: () => add("diagnoses"), addItem: () => add("items"), reassign: () => panel("reassign"), move: () => panel("move"),
  take: () => ask({ act: "take" }),
  undo, search, help,
  zoomIn: paper.zoomIn, zoomOut: paper.zoomOut, fit: paper.fit, rotate: paper.rotate, pageNext: paper.pageNext, pageBack: paper.pageBack,
});

paper.words_of(letter, (text, range) => {
  if (root.dataset.role === "auditor") return "";
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
const refused = sessionStorage.getItem("lmn-conflict-" + letter) || sessionStorage.getItem(typedKey);
const ahead = async () => {
  try {
    const answer = await fetch(`/letter/${encodeURIComponent(root.dataset.next)}/warm`);
    if (answer.status === 200) new Image().src = (await answer.json()).picture;
  } catch { /* the next letter is fetched when it is opened */ }
};
if (root.dataset.next && root.dataset.role !== "auditor") setTimeout(ahead, 400);
facts.focus({ preventScroll: true });
if (refused) { sessionStorage.removeItem("lmn-conflict-" + letter); sessionStorage.removeItem(typedKey); takeUp(JSON.parse(refused)); }
flush();
