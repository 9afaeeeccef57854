// One listener for every key of the list in the page (pipeline/desk/keys.py); acts are found by name.
const KEYS = JSON.parse(document.getElementById("keys").textContent);
const at = document.body.dataset.at;

export const listen = (acts) => {
  const byKey = new Map(KEYS.filter(([, , page]) => page === at || page === "all").map(([key, act]) => [key, act]));
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || (event.ctrlKey && event.key !== "Enter")) return;
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (typing && !["Escape", "Enter"].includes(event.key)) return;
    if (event.key === "Enter" && !typing && event.target.closest("button, a, summary")) return;
    const act = acts[byKey.get(event.key)];
    if (act && act(event) !== false) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button && acts[button.dataset.act]) acts[button.dataset.act](event);
  });
};

export const help = () => {
  const panel = document.getElementById("help");
  panel.hidden = !panel.hidden;
};
export const search = () => { const box = document.getElementById("search"); box.focus(); box.select(); };
