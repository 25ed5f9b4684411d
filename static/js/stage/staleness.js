// Staleness detection. Every room sends a beat each 15 seconds; a page that hears none for 40 asks for what it missed.
// Events on the root tell the modules that do the asking:
//
//   "room:beat"  {room, last_seq, version}   a beat was heard; a module that is behind catches up
//   "room:stale" {room, version}             nothing was heard: poll now, and again at the next one

import { on, onConnection } from "../shared/socket.js";

const STALE_AFTER_MS = 40_000;
const POLL_INTERVAL_MS = 10_000;

export default function staleness(root) {
  const { room } = root.dataset;
  let timer = null;

  const wait = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(stale, milliseconds * (0.75 + Math.random() / 2));
  };

  function dispatch(name, detail) {
    root.dispatchEvent(new CustomEvent(name, { detail: { room, ...detail } }));
  }

  function stale() {
    // A page in the background asks when it is visible again.
    if (document.visibilityState === "visible") dispatch("room:stale", { version: Number(root.dataset.version) });
    wait(POLL_INTERVAL_MS);
  }

  on("room.beat", (frame) => {
    if (frame.room !== room) return;
    dispatch("room:beat", frame);
    wait(STALE_AFTER_MS);
  });

  onConnection((up) => wait(up ? STALE_AFTER_MS : POLL_INTERVAL_MS));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wait(STALE_AFTER_MS / 4);
  });
}
