// Extension of a call by ten minutes when all want it: offered near the end.
// The root of the call dispatches "call:entered" with what was agreed before this page loaded.

import { announce } from "../shared/live_region.js";
import { on, send } from "../shared/socket.js";

const EXTENSION_MINUTES = 10;
const MAX_EXTENSIONS = 3;

export default function more(panel) {
  const call = panel.closest("[data-coffee]");
  const clock = call.querySelector(".call-clock");
  const button = panel.querySelector("button");
  const coffee = call.dataset.coffee;
  let agreed = 0;
  let own = 0;
  let near = Number(clock.dataset.left) <= Number(clock.dataset.sign) * 60;

  // One of: nothing, mine (I asked), theirs (another asked), and the offer itself.
  function show(word) {
    for (const line of panel.querySelectorAll("[data-more]")) line.hidden = line.dataset.more !== word;
    button.hidden = own > agreed || agreed >= MAX_EXTENSIONS;
    panel.hidden = !near || (agreed >= MAX_EXTENSIONS && word !== "agreed");
    const said = panel.querySelector(`[data-more="${word}"]`);
    if (said && !panel.hidden && word !== "offer") announce(said.textContent);
  }

  function agree(times) {
    if (times <= agreed) return false;
    clock.dispatchEvent(new CustomEvent("clock:more", { detail: (times - agreed) * EXTENSION_MINUTES }));
    agreed = times;
    return true;
  }

  button.addEventListener("click", async () => {
    own = agreed + 1;
    show("mine");
    const ack = await send("calls.more", { coffee, times: own });
    if (!ack.ok) {
      own = agreed;
      show("offer");
    } else if (agree(ack.agreed)) show("agreed");
  });

  const stop = on("calls.more", (frame) => {
    if (frame.coffee !== coffee) return;
    if (agree(frame.agreed)) {
      near = true;
      show("agreed");
    } else if (frame.theirs && own <= agreed) {
      near = true;
      show("theirs");
    }
  });
  call.addEventListener("call:entered", ({ detail }) => {
    own = Math.max(own, detail.more.own);
    if (agree(detail.more.agreed)) near = false;
    show(own > agreed ? "mine" : "offer");
  });
  clock.addEventListener("clock:near", () => {
    near = true;
    show(own > agreed ? "mine" : "offer");
  });
  call.addEventListener("part:end", stop);
}
