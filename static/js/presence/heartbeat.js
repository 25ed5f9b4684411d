// Presence heartbeat: enters the livestream when the page opens and after every reconnect, and reports once a minute
// that the page is still open. The state in the server's answer goes to the page.

import { onReconnect, send } from "../shared/socket.js";

const BEAT_INTERVAL_MS = 60_000;
const GOING_ON = new Set(["lobby", "live", "paused"]);

export default function heartbeat(stage) {
  const { livestream } = stage.dataset;
  const desk = stage.hasAttribute("data-desk"); // present, but not a viewer
  let timer = null;

  // Jitter: many pages of a room open in the same minute.
  const plan = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(beat, milliseconds * (0.75 + Math.random() / 2));
  };

  async function enter() {
    const ack = await send("presence.enter", { livestream, desk, version: Number(stage.dataset.version) });
    if (ack.ok) dispatchState(ack);
    if (ack.ok || ack.status === 404) plan(BEAT_INTERVAL_MS);
    else setTimeout(enter, (ack.retry_after ?? 5) * 1000 * (1 + Math.random() / 2));
  }

  async function beat() {
    const ack = await send("presence.beat", { livestream, desk });
    if (ack.ok && ack.version > Number(stage.dataset.version)) await enter();
    plan(BEAT_INTERVAL_MS);
  }

  function dispatchState(ack) {
    stage.dispatchEvent(new CustomEvent("livestream:state", { detail: { livestream, ...ack } }));
  }

  // Viewing time counts from the lobby on; a page that was open before reports at once.
  stage.addEventListener("stage:changed", (event) => {
    if (GOING_ON.has(event.detail.state)) plan(5000);
  });
  // A beat of the room that knows a newer state than this page: its frame was lost, so ask again.
  stage.addEventListener("room:beat", (event) => {
    if (event.detail.version > Number(stage.dataset.version)) setTimeout(enter, Math.random() * 2000);
  });
  onReconnect(enter);
  enter();
}
