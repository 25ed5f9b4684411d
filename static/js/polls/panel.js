// Polls beside a livestream: one opens, the reader votes and sees the result, it closes for all.

import { announce } from "../shared/live_region.js";
import { on, onReconnect, send } from "../shared/socket.js";
import { markUnread } from "../shared/tabs.js";
import { refresher } from "../shared/refresh.js";

export default function panel(list) {
  const { livestream } = list.dataset;
  const empty = document.getElementById("polls-empty");
  const refresh = refresher([list.id], "polls");

  function show(poll) {
    const known = list.querySelector(`[data-poll][data-id="${CSS.escape(poll.id)}"]`);
    const section = known ?? makeSection(poll);
    const open = poll.state === "open";
    const kicker = slot(section, "kicker");
    const closed = poll.total === 1 ? kicker.dataset.one : kicker.dataset.many;
    kicker.textContent = open ? kicker.dataset.open : closed.replace("{count}", poll.total);
    const again = slot(section, "again");
    if (again) again.hidden = !open;
    slot(section, "hint").hidden = !open || Boolean(section.dataset.chosen);
    if (poll.total !== null) showBars(section, poll);
    else if (!section.dataset.chosen) slot(section, "bars").hidden = true;
    if (open) list.prepend(section);
    else if (!known) list.append(section);
    empty.hidden = list.childElementCount > 0;
    if (open) announceOpened(poll.title);
  }

  function announceOpened(title) {
    const box = list.closest("[role=tabpanel]");
    if (box?.hidden) markUnread(box);
    else announce(title);
  }

  list.addEventListener("submit", async (event) => {
    const form = event.target;
    event.preventDefault();
    const section = form.closest("[data-poll]");
    const trouble = slot(section, "trouble");
    const option = new FormData(form).get("option");
    const ack = await send("polls.vote", { poll: section.dataset.id, option });
    trouble.hidden = ack.ok;
    if (!ack.ok) {
      trouble.textContent = ack.message ?? trouble.dataset.words;
      return;
    }
    section.dataset.chosen = ack.option;
    slot(section, "hint").hidden = true;
    // The result takes the place of the options; they come back to change one's mind.
    const change = slot(section, "change");
    change.hidden = false;
    slot(section, "again").open = false;
    if (document.activeElement === document.body || form.contains(document.activeElement)) change.focus();
    showBars(section, ack.poll);
  });

  // A tap on an option votes. Arrow keys only move; then the button votes.
  list.addEventListener("click", (event) => {
    if (event.target.name === "option" && event.detail > 0) event.target.form.requestSubmit();
  });
  on("polls.changed", (frame) => frame.livestream === livestream && show(frame.poll));
  onReconnect(refresh);
  list.closest("#stage")?.addEventListener("room:stale", () => {
    if (list.offsetParent !== null) refresh();
  });
}

function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

function copyOf(shape) {
  return document.getElementById(shape).content.firstElementChild.cloneNode(true);
}

function makeSection(poll) {
  const section = copyOf("poll-shape");
  section.dataset.id = poll.id;
  slot(section, "title").textContent = poll.title;
  const choices = slot(section, "choices");
  if (!choices) return section;
  const form = slot(section, "ballot");
  form.setAttribute("action", form.getAttribute("action").replace("POLL", poll.id));
  for (const { id, label } of poll.options) {
    const choice = copyOf("poll-choice");
    choice.querySelector("input").value = id;
    slot(choice, "label").textContent = label;
    choices.append(choice);
  }
  return section;
}

// Bars are lengths of an SVG in percent of all votes.
function showBars(section, poll) {
  const bars = slot(section, "bars");
  bars.replaceChildren(
    ...poll.options.map(({ id, label, votes }) => {
      const bar = copyOf("poll-bar");
      bar.dataset.id = id;
      slot(bar, "label").textContent = label;
      slot(bar, "votes").textContent = votes;
      slot(bar, "chosen").hidden = section.dataset.chosen !== id;
      const share = poll.total ? Math.round((100 * votes) / poll.total) : 0;
      bar.querySelector(".bar-fill").setAttribute("width", `${share}%`);
      return bar;
    }),
  );
  bars.hidden = false;
}
