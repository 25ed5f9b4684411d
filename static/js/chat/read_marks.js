// Reports how far the reader has read: the newest entry while the chat log is on the screen. Nobody else is told.

import { isConnected, send } from "../shared/socket.js";

const DELAY_MS = 500; // entries that arrive together are reported once

export default function readMarks(list) {
  const { room } = list.dataset;
  let visible = false;
  let reported = Number(list.dataset.read);
  let timer = null;

  function look() {
    if (!visible || document.visibilityState !== "visible") return;
    list.dispatchEvent(new CustomEvent("chat:read"));
    timer ??= setTimeout(report, DELAY_MS);
  }

  async function report() {
    timer = null;
    const seq = Number(list.dataset.seq);
    if (seq <= reported || !isConnected()) return;
    const ack = await send("chat.seen", { room, seq });
    if (ack.ok) reported = Math.max(reported, seq);
  }

  new IntersectionObserver((entries) => {
    visible = entries.at(-1).isIntersecting;
    look();
  }).observe(list.parentElement);
  document.addEventListener("visibilitychange", look);
  list.addEventListener("chat:line", look);
}
