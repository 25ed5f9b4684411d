// The team's note to the lobby: shown and read out as soon as it comes, gone when it is taken back.

import { announce } from "../shared/live_region.js";

export default function lobbyNote(element) {
  const root = element.closest("#stage");

  root.addEventListener("stage:changed", ({ detail }) => {
    const note = detail.state === "lobby" ? (detail.note ?? "") : "";
    if (note && note !== element.textContent) announce(note);
    element.textContent = note;
    element.hidden = !note;
  });
}
