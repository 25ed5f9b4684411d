// The polls beside a livestream: one opens, the reader votes and sees how it stands, it closes for all.

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
    const kicker = part(section, "kicker");
    const closed = poll.total === 1 ? kicker.dataset.one : kicker.dataset.many;
    kicker.textContent = open ? kicker.dataset.open : closed.replace("{count}", poll.total);
    const again = part(section, "again");
    if (again) again.hidden = !open;
    part(section, "hint").hidden = !open || Boolean(section.dataset.chosen);
    if (poll.total !== null) showBars(section, poll);
    else if (!section.dataset.chosen) part(section, "bars").hidden = true;
    if (open) list.prepend(section);
    else if (!known) list.append(section);
    empty.hidden = list.childElementCount > 0;
    if (open) tell(poll.title);
  }

  function tell(title) {
    const box = list.closest("[role=tabpanel]");
    if (box?.hidden) markUnread(box);
    else announce(title);
  }

  list.addEventListener("submit", async (event) => {
    const form = event.target;
    event.preventDefault();
    const section = form.closest("[data-poll]");
    const trouble = part(section, "trouble");
    const option = new FormData(form).get("option");
    const ack = await send("polls.vote", { poll: section.dataset.id, option });
    trouble.hidden = ack.ok;
    if (!ack.ok) {
      trouble.textContent = ack.message ?? trouble.dataset.words;
      return;
    }
    section.dataset.chosen = ack.option;
    part(section, "hint").hidden = true;
    // The result takes the place of the options; they come back to change one's mind.
    const change = part(section, "change");
    change.hidden = false;
    part(section, "again").open = false;
    if (document.activeElement === document.body || form.contains(document.activeElement)) change.focus();
    showBars(section, ack.poll);
  });

  // A tap on an option is the vote. Arrow keys only move: who chooses with them presses the button.
  list.addEventListener("click", (event) => {
    if (event.target.name === "option" && event.detail > 0) event.target.form.requestSubmit();
  });
  on("polls.changed", (frame) => frame.livestream === livestream && show(frame.poll));
  onReconnect(refresh);
  list.closest("#stage")?.addEventListener("room:stale", () => {
    if (list.offsetParent !== null) refresh();
  });
}

function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}

function copyOf(shape) {
  return document.getElementById(shape).content.firstElementChild.cloneNode(true);
}

function makeSection(poll) {
  const section = copyOf("poll-shape");
  section.dataset.id = poll.id;
  part(section, "title").textContent = poll.title;
  const choices = part(section, "choices");
  if (!choices) return section;
  const form = part(section, "ballot");
  form.setAttribute("action", form.getAttribute("action").replace("POLL", poll.id));
  for (const { id, label } of poll.options) {
    const choice = copyOf("poll-choice");
    choice.querySelector("input").value = id;
    part(choice, "label").textContent = label;
    choices.append(choice);
  }
  return section;
}

// Bars are lengths of an SVG in percent of all votes.
function showBars(section, poll) {
  const bars = part(section, "bars");
  bars.replaceChildren(
    ...poll.options.map(({ id, label, votes }) => {
      const bar = copyOf("poll-bar");
      bar.dataset.id = id;
      part(bar, "label").textContent = label;
      part(bar, "votes").textContent = votes;
      part(bar, "chosen").hidden = section.dataset.chosen !== id;
      const share = poll.total ? Math.round((100 * votes) / poll.total) : 0;
      bar.querySelector(".bar-fill").setAttribute("width", `${share}%`);
      return bar;
    }),
  );
  bars.hidden = false;
}
