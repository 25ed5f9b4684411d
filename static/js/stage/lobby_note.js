// The team's note to the lobby: shown and read out as soon as it comes, gone when it is taken back. When the
// start moved, the hours that the page was made with ([data-planned]) go; the countdown has the new one.

import { announce } from "../shared/live_region.js";

export default function lobbyNote(element) {
  const root = element.closest("#stage");
  const starts = Date.parse(element.dataset.starts);

  root.addEventListener("stage:changed", ({ detail }) => {
    const note = detail.state === "lobby" ? (detail.note ?? "") : "";
    if (note && note !== element.textContent) announce(note);
    element.textContent = note;
    element.hidden = !note;
    if (!detail.starts_at || Date.parse(detail.starts_at) === starts) return;
    for (const hours of root.querySelectorAll("[data-planned]")) hours.textContent = "";
  });
}
