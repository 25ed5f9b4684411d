// Reload of a round's page when its draft is ready or its coffees are published, but never over an open form.

import { on } from "../shared/socket.js";

export default function follow(element) {
  let typed = false;
  document.addEventListener("input", () => (typed = true));
  on("matching.changed", ({ round, state }) => {
    if (round !== element.dataset.round || state === element.dataset.state) return;
    if (typed || document.querySelector("dialog[open]")) return;
    location.reload();
  });
}
