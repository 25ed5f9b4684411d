// Being there: enters the livestream when the page opens, comes back after every reconnect, and says once
// a minute that this page is still open. What the server answers about the state goes to the page.

import { onReconnect, send } from "../shared/socket.js";

const BEAT = 60_000;
const GOING_ON = new Set(["lobby", "live", "paused"]);

export default function stay(stage) {
  const { livestream } = stage.dataset;
  const desk = stage.hasAttribute("data-desk"); // it is there, and does not watch
  let timer = null;

  // Half of every wait is chance: a whole room opens its pages in the same minute.
  const plan = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(beat, milliseconds * (0.75 + Math.random() / 2));
  };

  async function enter() {
    const ack = await send("presence.enter", { livestream, desk, version: Number(stage.dataset.version) });
    if (ack.ok) tell(ack);
    if (ack.ok || ack.status === 404) plan(BEAT);
    else setTimeout(enter, (ack.retry_after ?? 5) * 1000 * (1 + Math.random() / 2));
  }

  async function beat() {
    const ack = await send("presence.beat", { livestream, desk });
    if (ack.ok && ack.version > Number(stage.dataset.version)) await enter();
    plan(BEAT);
  }

  function tell(ack) {
    stage.dispatchEvent(new CustomEvent("livestream:state", { detail: { livestream, ...ack } }));
  }

  // Time counts from the lobby on; a page that was open before says at once that it is there.
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
