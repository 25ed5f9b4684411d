// Chat replay: a message shows when the film reaches its time. Until the film runs, and with the switch off, all
// messages of the page are shown. Pages of messages are fetched as the film reaches them.

import { announce } from "../shared/live_region.js";

const NEAR_END_PX = 80; // from the end within which the list follows along
const MAX_MESSAGES = 300; // kept in the page; the oldest are taken out, and can be fetched again
const MAX_STEP_SECONDS = 60; // a longer jump fetches the page of that time, not all in between
const RETRY_AFTER_MS = 5000;

export function runAlong(root, film) {
  const said = root.querySelector("[data-said]");
  const toggle = root.querySelector("[data-along]");
  if (!said || !toggle) return;
  const body = said.closest(".panel-body");
  let lines = linesOf(said);
  let shown = lines.length;
  let along = true;
  let fetching = false;
  let rests = 0;

  const way = (name) => said.querySelector(`[data-way="${name}"]`);
  const second = (line) => Number(line.dataset.at);

  function showUntil(seconds) {
    const until = along ? lines.filter((line) => second(line) <= seconds).length : lines.length;
    if (until !== shown) {
      const follows = body.scrollHeight - body.scrollTop - body.clientHeight < NEAR_END_PX || until < shown;
      lines.forEach((line, at) => line.classList.toggle("ahead", at >= until));
      shown = until;
      if (follows && along) body.scrollTop = body.scrollHeight;
    }
    if (along) keepUp(seconds);
  }

  function keepUp(seconds) {
    if (fetching || Date.now() < rests || !lines.length) return;
    const last = second(lines.at(-1));
    const before = seconds < second(lines[0]) && way("earlier");
    if (before || (seconds > last + MAX_STEP_SECONDS && way("later"))) turn(`t=${Math.floor(seconds)}`, "there");
    else if (seconds >= last && way("later")) turn(way("later").dataset.more, "later");
  }

  async function turn(place, name) {
    fetching = true;
    try {
      const answer = await fetch(`${said.dataset.said}?${place}`, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      take(new DOMParser().parseFromString(await answer.text(), "text/html").body, name);
    } catch {
      rests = Date.now() + RETRY_AFTER_MS;
      if (name !== "there" && !along) announce(said.dataset.failed);
    } finally {
      fetching = false;
    }
  }

  function take(page, name) {
    const list = said.querySelector("ol");
    if (name === "there") said.replaceChildren(...page.childNodes);
    else {
      const fresh = linesOf(page);
      const height = body.scrollHeight;
      swap(way(name), page.querySelector(`[data-way="${name}"]`));
      if (name === "earlier") {
        list.prepend(...fresh);
        body.scrollTop += body.scrollHeight - height;
      } else list.append(...fresh);
      if (along) trim(list);
    }
    lines = linesOf(said);
    shown = -1;
    showUntil(film.currentTime());
  }

  // Lines that the film is past make room; the film that goes back fetches them by their moment.
  function trim(list) {
    while (list.children.length > MAX_MESSAGES) list.firstElementChild.remove();
    const first = list.firstElementChild;
    const link = way("earlier");
    if (link && first) link.dataset.more = `until=${first.dataset.seq}`;
    else if (list.children.length === MAX_MESSAGES) said.prepend(marker(first.dataset.seq));
  }

  said.addEventListener("click", (event) => {
    const link = event.target.closest("[data-more]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (!fetching) turn(link.dataset.more, link.dataset.way);
  });
  film.onTime(showUntil);
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    along = toggle.getAttribute("aria-pressed") !== "true";
    toggle.setAttribute("aria-pressed", String(along));
    showUntil(film.currentTime());
  });
}

function linesOf(part) {
  return [...part.querySelectorAll("[data-at]")];
}

function swap(old, fresh) {
  if (fresh) old.closest("p").replaceWith(fresh.closest("p"));
  else old.closest("p").remove();
}

// A page that began at the first line has no way back of its own: this one has no words and takes no press.
function marker(seq) {
  const part = document.createElement("p");
  part.hidden = true;
  const link = document.createElement("a");
  Object.assign(link.dataset, { way: "earlier", more: `until=${seq}` });
  part.append(link);
  return part;
}
