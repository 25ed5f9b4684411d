// No-show notice: a calm sentence at first, and some minutes later a link to the options.

import { announce } from "../shared/live_region.js";
import { on } from "../shared/socket.js";

const NOTICE_AFTER_MS = 3 * 60_000;
const OFFER_ALTERNATIVE_AFTER_MS = 7 * 60_000;

export default function absent(element) {
  const { coffee, address, starts } = element.dataset;
  const late = Date.now() - Date.parse(starts);
  const sentence = element.querySelector("[data-pinged]");
  const way = element.querySelector("[data-offered]");
  const panel = document.querySelector("#instead [data-panel]");

  on("calls.absent", (payload) => payload.coffee === coffee && show(payload.offer));
  // A page loaded later missed the frame; the server knows whether there is an offer.
  if (late > NOTICE_AFTER_MS) show(late > OFFER_ALTERNATIVE_AFTER_MS);

  async function show(offer) {
    sentence.hidden = false;
    announce(sentence.textContent);
    if (!offer) return;
    const answer = await fetch(address).catch(() => null);
    const read = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const offered = read?.querySelector("[data-rescue]");
    if (!offered) return;
    panel.replaceChildren(document.adoptNode(offered));
    way.hidden = false;
  }
}
