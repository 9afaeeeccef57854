"use strict";
(() => {
  const links = [...document.querySelectorAll("a.letter")];
  const queues = [...document.querySelectorAll("details[data-queue]")];
  const filter = document.getElementById("filter");
  const help = document.getElementById("help");
  const nothing = document.getElementById("nothing");
  const frame = document.querySelector("iframe");
  let current = null;

  const mark = (link) => {
    if (current) current.removeAttribute("aria-current");
    current = link;
    if (!link) return;
    link.setAttribute("aria-current", "true");
    link.closest("details").open = true;
    link.scrollIntoView({ block: "nearest" });
    history.replaceState(null, "", "#" + link.id.slice(2));
  };
  const open = (link) => { if (link) { mark(link); link.click(); } };
  const step = (by) => {
    const shown = links.filter((link) => !link.hidden);
    const at = shown.indexOf(current);
    open(at < 0 ? shown[by > 0 ? 0 : shown.length - 1] : shown[at + by]);
  };
  const sift = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const link of links) link.hidden = !words.every((word) => link.dataset.find.includes(word));
    for (const queue of queues) {
      const left = queue.querySelectorAll("a.letter:not([hidden])").length;
      const count = queue.querySelector(".count");
      count.textContent = words.length ? `${left} of ${count.dataset.all}` : count.dataset.all;
      queue.hidden = words.length > 0 && left === 0;
    }
    nothing.hidden = !words.length || links.some((link) => !link.hidden);
  };
  const press = (key) => {
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "/") { filter.focus(); filter.select(); }
    else if (key === "?" && !help.open) help.showModal();
    else if (key === "z") frame.contentWindow.postMessage({ key: "z" }, "*");
    else return false;
    return true;
  };

  for (const link of links) link.addEventListener("click", () => mark(link));
  filter.addEventListener("input", sift);
  filter.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { filter.value = ""; sift(); filter.blur(); }
    if (event.key === "Enter") { filter.blur(); open(links.find((link) => !link.hidden)); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === filter || help.open) return;
    if (press(event.key)) event.preventDefault();
  });
  window.addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || !event.data) return;
    if (typeof event.data.key === "string") { if (event.data.key === "/") window.focus(); press(event.data.key); }
    if (typeof event.data.slug === "string") mark(document.getElementById("l-" + event.data.slug));
  });
  const asked = document.getElementById("l-" + decodeURIComponent(location.hash.slice(1)));
  if (asked) open(asked);
})();
