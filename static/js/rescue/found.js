// Someone else who waits was found: on to that call, from wherever the waiting was done.

import { on, onReconnect } from "../shared/socket.js";

const ASK_AGAIN = 20_000;

export default function found(element) {
  const { coffee, address } = element.dataset;
  on("rescue.found", (payload) => payload.coffee === coffee && location.assign(address));
  // A frame may be lost: the page that waits leads on by itself once there is somewhere to go.
  // Within a call that is so only once something was offered: who does not wait would be led out of it.
  const ask = async () => {
    if (!element.querySelector("[data-rescue]")) return;
    const answer = await fetch(address, { redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect") location.assign(address);
  };
  onReconnect(ask);
  setInterval(ask, ASK_AGAIN);
}
