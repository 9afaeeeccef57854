// What a person did is kept in the browser until the server has it: a lost connection loses nothing, and a repeated
// sending does nothing twice (each deed has a token). A conflict is told, never written over.
const KEEP = "lmn-unsent";
const csrf = document.body.dataset.csrf;
const line = document.getElementById("line");
const load = () => { try { return JSON.parse(localStorage.getItem(KEEP)) || []; } catch { return []; } };
const save = (list) => localStorage.setItem(KEEP, JSON.stringify(list));
let busy = false, listener = () => {};

export const token = () => crypto.getRandomValues(new Uint32Array(4)).reduce((t, n) => t + n.toString(16).padStart(8, "0"), "");
export const onAnswer = (f) => { listener = f; };
export const unsent = () => load().length;

export const tellLine = (says, stop = false) => {
  line.hidden = !says; line.textContent = says; line.classList.toggle("stop", stop);
};

export const send = (letter, body) => {
  save([...load(), { letter, body: { ...body, token: token() } }]);
  return flush();
};

export const flush = async () => {
  if (busy) return;
  busy = true;
  try {
    for (let list = load(); list.length; list = load()) {
      const [first] = list;
      const versions = JSON.parse(sessionStorage.getItem("lmn-versions") || "{}");
      const body = { ...first.body, version: Math.max(first.body.version, versions[first.letter] ?? -1) };
      let answer;
      try {
        answer = await fetch(`/letter/${encodeURIComponent(first.letter)}/act`, {
          method: "POST", headers: { "content-type": "application/json", "x-csrf": csrf }, body: JSON.stringify(body),
        });
      } catch { down(list.length); return; }
      if (answer.status >= 500) { down(list.length); return; }
      if (answer.status === 401) { tellLine(`Log in again in another tab. ${list.length} change(s) are kept here and will be sent.`, true); return; }
      const told = await answer.json().catch(() => ({ says: "The server did not understand." }));
      save(load().slice(1));
      if (answer.ok) {
        versions[first.letter] = told.version;
        sessionStorage.setItem("lmn-versions", JSON.stringify(versions));
      }
      tellLine("");
      listener(first, answer.status, told);
    }
  } finally { busy = false; }
};

const down = (n) => {
  tellLine(`No connection. ${n} change${n > 1 ? "s are" : " is"} kept here and will be sent when it is back.`);
  setTimeout(flush, 3000);
};
addEventListener("online", flush);
if (load().length) flush();
