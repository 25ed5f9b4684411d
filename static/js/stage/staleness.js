// Notices that a page has gone deaf. Every room beats each 15 seconds; a page that hears nothing for 40
// asks for what it missed. On the root it tells others, who do the asking:
//
//   "room:beat"  {room, last_seq, version}   a beat was heard; whoever is behind catches up
//   "room:stale" {room, version}             nothing was heard: poll now, and again at the next one

import { on, onConnection } from "../shared/socket.js";

const PATIENCE = 40_000;
const POLL = 10_000;

export default function beat(root) {
  const { room } = root.dataset;
  let timer = null;

  const wait = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(stale, milliseconds * (0.75 + Math.random() / 2));
  };

  function tell(name, detail) {
    root.dispatchEvent(new CustomEvent(name, { detail: { room, ...detail } }));
  }

  function stale() {
    // A page in the background asks when somebody looks at it again.
    if (document.visibilityState === "visible") tell("room:stale", { version: Number(root.dataset.version) });
    wait(POLL);
  }

  on("room.beat", (frame) => {
    if (frame.room !== room) return;
    tell("room:beat", frame);
    wait(PATIENCE);
  });

  onConnection((up) => wait(up ? PATIENCE : POLL));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wait(PATIENCE / 4);
  });
}
