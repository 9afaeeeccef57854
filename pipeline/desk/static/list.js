// The worklist: up and down, open, take, mark, search; filters act at once; files may be dropped; the place is kept.
import { help, listen, search } from "./keys.js";
import { onAnswer, send } from "./send.js";

const rows = [...document.querySelectorAll("tr[data-letter]")];
const told = document.getElementById("told"), give = document.getElementById("give");
const PLACE = "lmn-place", LIST = "lmn-list";
let here = -1;
const mark = (n) => {
  if (!rows.length) return;
  rows[here]?.classList.remove("here");
  here = Math.max(0, Math.min(rows.length - 1, n));
  rows[here].classList.add("here");
  rows[here].scrollIntoView({ block: "nearest" });
  rows[here].querySelector("a").focus({ preventScroll: true });
};
const pick = (row) => row.querySelector(".pick");
const marked = () => rows.filter((row) => pick(row)?.checked);
// What a deed is done to: every marked letter, else the one in hand.
const chosen = () => (marked().length ? marked() : rows.length ? [rows[Math.max(here, 0)]] : []);
const shown = (row) => row.classList.toggle("marked", pick(row).checked);
const count = () => { const n = marked().length; if (told) told.textContent = n ? `${n} letter${n > 1 ? "s" : ""} marked: t takes, r gives.` : ""; };
const unmark = (row) => { if (pick(row)) { pick(row).checked = false; shown(row); } };
for (const row of rows) pick(row)?.addEventListener("change", () => { shown(row); count(); });
const each = (body) => { for (const row of chosen()) send(row.dataset.letter, { ...body, version: Number(row.dataset.version) }); };

listen({
  next: () => mark(here + 1),
  previous: () => mark(here - 1),
  open: () => { const row = rows[Math.max(here, 0)]; if (document.activeElement.closest("#give")) { give.requestSubmit(); return true; } if (!row || document.activeElement.matches("input, select, button")) return false; row.querySelector("a").click(); },
  mark: () => { if (here < 0) mark(0); const row = rows[here]; if (row && pick(row)) { pick(row).checked = !pick(row).checked; shown(row); count(); } },
  take: () => each({ act: "take" }),
  reassign: () => { if (give && chosen().length) { if (here < 0 && !marked().length) mark(0); give.hidden = false; give.elements.to.focus(); } },
  search, help,
  leave: () => { document.activeElement.blur(); if (give) give.hidden = true; document.getElementById("help").hidden = true; },
});
if (give) give.addEventListener("submit", (event) => {
  event.preventDefault();
  each({ act: "reassign", to: give.elements.to.value });
  give.hidden = true;
});
onAnswer((sent, status, answer) => {
  const row = rows.find((one) => one.dataset.letter === sent.letter);
  if (status < 400 && row) { // the row is put right where it stands: no page is loaded anew under a hand that types
    row.dataset.version = answer.version;
    row.querySelector(".who").textContent = answer.assigned;
    unmark(row);
  }
  if (!told) return;
  told.textContent = status < 400 && sent.body.act === "take" ? (answer.assigned ? "Taken." : "Let go.") : answer.says;
  told.classList.toggle("stop", status >= 400);
});
const filters = document.getElementById("filters"), USED = "lmn-filter";
for (const choice of filters?.querySelectorAll("select") ?? []) choice.addEventListener("change", () => { sessionStorage.setItem(USED, choice.name); choice.form.requestSubmit(); });
const used = sessionStorage.getItem(USED);
if (used) { sessionStorage.removeItem(USED); filters?.elements[used]?.focus(); }

// Whoever comes back from a letter finds the list where it was left, on its page and at its row; where the letter has
// left the list, "next" is the one that moved up into its place.
const list = document.querySelector("main[data-query]");
if (list) {
  sessionStorage.setItem(LIST, JSON.stringify({ search: location.search, query: list.dataset.query }));
  const place = JSON.parse(sessionStorage.getItem(PLACE) || "null");
  sessionStorage.setItem(PLACE, JSON.stringify({ order: rows.map((row) => row.dataset.letter) }));
  const at = place?.letter ? rows.findIndex((row) => row.dataset.letter === place.letter) : -1;
  if (at >= 0 && !used) mark(at);
  else if (place?.letter) here = Math.min(rows.length, Math.max(0, place.order.indexOf(place.letter))) - 1;
}
const drop = document.getElementById("drop");
if (drop) {
  const files = drop.querySelector("input[type=file]");
  for (const kind of ["dragover", "dragenter"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); drop.classList.remove("over"); files.files = event.dataTransfer.files; drop.requestSubmit(); });
}
