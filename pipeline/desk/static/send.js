// What a person did is kept in the browser until the server has it: a lost connection loses nothing, and a repeated
// sending does nothing twice (each deed has a token). A conflict is told, never written over.
const KEEP = "lmn-unsent";
const { csrf, who } = document.body.dataset;
const line = document.getElementById("line");
const all = () => { try { return JSON.parse(localStorage.getItem(KEEP)) || []; } catch { return []; } };
// Each deed is its person's: who logs in next in this browser does not send it.
const load = () => all().filter((each) => each.who === who);
const keep = (change) => localStorage.setItem(KEEP, JSON.stringify(change(all())));
const kept = (n) => `${n} change${n > 1 ? "s are" : " is"} kept here`;
let busy = false, listener = () => {};

export const token = () => crypto.getRandomValues(new Uint32Array(4)).reduce((t, n) => t + n.toString(16).padStart(8, "0"), "");
export const onAnswer = (f) => { listener = f; };
export const unsent = () => load().length;

export const tellLine = (says, stop = false, again = false) => {
  line.hidden = !says; line.textContent = says; line.classList.toggle("stop", stop);
  if (again) { const link = document.createElement("a"); link.href = location.href; link.textContent = "Load again"; line.append(link); }
};

export const send = (letter, body) => {
  const each = { letter, who, body: { ...body, token: token() } };
  keep((list) => [...list, each]);
  return flush();
};

export const flush = async () => {
  if (busy) return;
  busy = true;
  try {
    for (let list = load(); list.length; list = load()) {
      const [first] = list;
      const versions = JSON.parse(sessionStorage.getItem("lmn-versions") || "{}");
      const known = versions[first.letter];
      const body = known && known.version > first.body.version ? { ...first.body, ...known } : first.body;
      let answer;
      try {
        answer = await fetch(`/letter/${encodeURIComponent(first.letter)}/act`, {
          method: "POST", headers: { "content-type": "application/json", "x-csrf": csrf }, body: JSON.stringify(body),
        });
      } catch { down(list.length); return; }
      if (answer.status >= 500 || answer.status === 429) { down(list.length); return; }
      if (answer.status === 401) { tellLine(`Log in again in another tab. ${kept(list.length)} and will be sent.`, true); return; }
      const told = await answer.json().catch(() => ({ says: "The server did not understand." }));
      if (told.stale) { tellLine(`You have logged in anew. ${kept(list.length)} and will be sent from the new page. `, true, true); return; }
      keep((several) => several.filter((each) => each.body.token !== first.body.token));
      if (answer.ok) {
        versions[first.letter] = { version: told.version, result: told.result };
        sessionStorage.setItem("lmn-versions", JSON.stringify(versions));
      }
      tellLine("");
      listener(first, answer.status, told);
    }
  } finally { busy = false; }
};

const down = (n) => {
  tellLine(`No connection. ${kept(n)} and will be sent when it is back.`);
  setTimeout(flush, 3000);
};
addEventListener("online", flush);
if (load().length) flush();
