// The worklist: up and down, open, take, search; filters act at once; files may be dropped.
import { help, listen, search } from "./keys.js";
import { onAnswer, send } from "./send.js";

const rows = [...document.querySelectorAll("tr[data-letter]")];
let here = -1;
const mark = (n) => {
  if (!rows.length) return;
  rows[here]?.classList.remove("here");
  here = Math.max(0, Math.min(rows.length - 1, n));
  rows[here].classList.add("here");
  rows[here].scrollIntoView({ block: "nearest" });
  rows[here].querySelector("a").focus({ preventScroll: true });
};
listen({
  next: () => mark(here + 1),
  previous: () => mark(here - 1),
  open: () => { const row = rows[Math.max(here, 0)]; if (document.activeElement.closest("#give")) { give.requestSubmit(); return true; } if (!row || document.activeElement.matches("input, select, button")) return false; row.querySelector("a").click(); },
  take: () => { const row = rows[Math.max(here, 0)]; if (row) send(row.dataset.letter, { act: "take", version: Number(row.dataset.version) }); },
  reassign: () => { if (give && rows[Math.max(here, 0)]) { if (here < 0) mark(0); give.hidden = false; give.elements.to.focus(); } },
  search, help,
  leave: () => { document.activeElement.blur(); if (give) give.hidden = true; document.getElementById("help").hidden = true; },
});
const give = document.getElementById("give");
if (give) give.addEventListener("submit", (event) => {
  event.preventDefault();
  const row = rows[here];
  send(row.dataset.letter, { act: "reassign", to: give.elements.to.value, version: Number(row.dataset.version) });
  give.hidden = true;
});
onAnswer((sent, status, told) => {
  const line = document.getElementById("told"), row = rows.find((each) => each.dataset.letter === sent.letter);
  if (status < 400 && row) { // the row is put right where it stands: no page is loaded anew under a hand that types
    row.dataset.version = told.version;
    row.lastElementChild.textContent = told.assigned;
  }
  if (!line) return;
  line.textContent = status < 400 && sent.body.act === "take" ? (told.assigned ? "Taken." : "Let go.") : told.says;
  line.classList.toggle("stop", status >= 400);
});
const filters = document.getElementById("filters"), USED = "lmn-filter";
for (const choice of filters?.querySelectorAll("select") ?? []) choice.addEventListener("change", () => { sessionStorage.setItem(USED, choice.name); choice.form.requestSubmit(); });
const used = sessionStorage.getItem(USED);
if (used) { sessionStorage.removeItem(USED); filters?.elements[used]?.focus(); }
const drop = document.getElementById("drop");
if (drop) {
  const files = drop.querySelector("input[type=file]");
  for (const kind of ["dragover", "dragenter"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); drop.classList.remove("over"); files.files = event.dataTransfer.files; drop.requestSubmit(); });
}
