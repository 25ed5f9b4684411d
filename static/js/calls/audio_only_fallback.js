// Audio-only fallback of a call on a poor connection, both ways, announced in words; back to video when it recovers.
// A choice by the button stays; an automatic one is undone automatically, each time after a longer wait.

import { announce } from "../shared/live_region.js";

const POOR_MEASUREMENTS = 4; // measurements, two seconds apart
const GOOD_MEASUREMENTS = 10;

export function audioOnlyFallback(root, apply) {
  const button = root.querySelector("[data-sound]");
  const word = root.querySelector("[data-stepped]");
  let poor = 0;
  let good = 0;
  let patience = GOOD_MEASUREMENTS;
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

  // Takes the latest level: good, fair or poor.
  function heard(level) {
    const only = button.getAttribute("aria-pressed") === "true";
    poor = level === "poor" ? poor + 1 : 0;
    good = level === "good" ? good + 1 : 0;
    if (!only && poor >= POOR_MEASUREMENTS) set(true, true);
    else if (byUs && good >= patience) {
      patience *= 3; // longer each time: the connection was too poor before
      set(false, true);
    }
  }

  return { heard };
}
