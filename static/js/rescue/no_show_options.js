// No-show options without leaving the page: each answer is sent and the panel fetched again. A page that looks for a
// replacement keeps polling, which tells the server that its reader is still there.

import { announce } from "../shared/live_region.js";
import { on, onReconnect } from "../shared/socket.js";

const POLL_INTERVAL_MS = 20_000;

export default function found(element) {
  const { coffee, address } = element.dataset;
  on("rescue.found", (payload) => payload.coffee === coffee && location.assign(address));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    await send(event.target, event.submitter);
    await read();
    announce(element.querySelector("[data-looking]")?.textContent ?? "");
  });
  const ask = async () => {
    const looking = element.querySelector("form[data-looks]");
    if (!looking) return;
    await send(looking);
    await read();
  };
  onReconnect(ask);
  setInterval(ask, POLL_INTERVAL_MS);

  function send(form, button) {
    return fetch(form.action, { method: "POST", body: new FormData(form, button), redirect: "manual" }).catch(() => null);
  }

  // Once there is somewhere to go, the address leads there.
  async function read() {
    const answer = await fetch(address, { redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect") location.assign(address);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-rescue]");
    if (fresh) element.querySelector("[data-rescue]")?.replaceWith(document.adoptNode(fresh));
  }
}
