// A page that looks for somebody to talk with now: it repeats its request, which tells the server that its reader is
// still there, and goes to the call as soon as there is one.

import { announce } from "../shared/live_region.js";
import { on, onReconnect } from "../shared/socket.js";

const POLL_INTERVAL_MS = 20_000;

export default function waiting(element) {
  const { address } = element.dataset;
  const isLooking = () => element.querySelector("form[data-looks]");
  on("quick_calls.found", () => isLooking() && location.assign(address));
  const ask = async () => {
    const form = isLooking();
    if (!form) return;
    await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => null);
    await read();
  };
  onReconnect(ask);
  setInterval(ask, POLL_INTERVAL_MS);

  // Once there is a call, the address leads there.
  async function read() {
    const answer = await fetch(address, { redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect") location.assign(address);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.querySelector("[data-part]");
    const old = element.querySelector("[data-part]");
    if (!part || part.dataset.part === old.dataset.part) return;
    old.replaceWith(document.adoptNode(part));
    document.title = page.title;
    announce(element.querySelector("h1").textContent);
  }
}
