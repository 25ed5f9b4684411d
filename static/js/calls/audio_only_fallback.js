// One step down when the line cannot carry pictures: sound alone, both ways, said in words; and back up when it can.
// Whoever pressed the button decides; what we did ourselves we undo ourselves, and not again and again.

import { announce } from "../shared/live_region.js";

const POOR_FOR = 4; // measurements, two seconds apart
const GOOD_FOR = 10;

export function stepDown(root, apply) {
  const button = root.querySelector("[data-sound]");
  const word = root.querySelector("[data-stepped]");
  let poor = 0;
  let good = 0;
  let patience = GOOD_FOR;
  let byUs = false;

  function set(only, ours) {
    byUs = only && ours;
    poor = good = 0;
    button.setAttribute("aria-pressed", String(only));
    word.hidden = !byUs;
    if (byUs) announce(word.textContent);
    apply(only);
  }

  button.addEventListener("click", () => set(button.getAttribute("aria-pressed") !== "true", false));

  // Hears how the line was just now: good, fair or poor.
  function heard(level) {
    const only = button.getAttribute("aria-pressed") === "true";
    poor = level === "poor" ? poor + 1 : 0;
    good = level === "good" ? good + 1 : 0;
    if (!only && poor >= POOR_FOR) set(true, true);
    else if (byUs && good >= patience) {
      patience *= 3; // a line that could not carry it before is trusted later
      set(false, true);
    }
  }

  return { heard };
}
