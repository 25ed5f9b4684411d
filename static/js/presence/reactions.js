// Reactions: a press is sent at once, and the total of the room shows on the button for a few seconds.

import { on, send } from "../shared/socket.js";

const MIN_INTERVAL_MS = 2000; // the server accepts one in two seconds per person
const SHOWN_MS = 1800;

export default function reactions(group) {
  const { livestream } = group.dataset;
  const buttons = [...group.querySelectorAll("[data-kind]")];

  group.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-kind]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    for (const button of buttons) button.setAttribute("aria-disabled", "true");
    button.setAttribute("aria-pressed", "true");
    setTimeout(() => {
      for (const button of buttons) button.removeAttribute("aria-disabled");
      button.removeAttribute("aria-pressed");
    }, MIN_INTERVAL_MS);
    await send("presence.react", { livestream, kind: button.dataset.kind });
  });

  on("presence.reactions", (frame) => {
    if (frame.livestream !== livestream) return;
    for (const button of buttons) {
      const count = frame.counts[button.dataset.kind];
      if (count) show(button, count);
    }
  });
}

const sums = new WeakMap();

// Several processes may report at once: a number still shown is added to.
function show(button, count) {
  const number = button.querySelector(".num");
  const icon = button.querySelector(".icon");
  const shown = sums.get(button);
  clearTimeout(shown?.timer);
  const sum = count + (shown?.sum ?? 0);
  number.textContent = `+${sum}`;
  number.hidden = false;
  icon.toggleAttribute("hidden", true);
  const timer = setTimeout(() => {
    number.hidden = true;
    icon.toggleAttribute("hidden", false);
    sums.delete(button);
  }, SHOWN_MS);
  sums.set(button, { sum, timer });
}
