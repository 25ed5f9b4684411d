// Consent to a direct connection when a call needs a TURN relay and none can be had. Each side answers; the server
// begins a direct connection once both accept. A refusal stays on this page and is sent to no one.

import { announce } from "../shared/live_region.js";
import { on, send } from "../shared/socket.js";

const RELAY_TIMEOUT_MS = 6000; // a relay that works answers within a second
const SHORT_RELAY_TIMEOUT_MS = 1500; // for relays that the server could not reach either

// `answered(ack)` gets the state of the call after an answer, or null if the server may not have received it.
export function directConnection(root, { coffee, agreed, changed, answered }) {
  const panel = root.querySelector("[data-direct]");
  const way = { agreed, uncertain: false, entered, look, asks, connected, stop };
  let asked = false;
  let stay = null;
  let told = null; // the stay that said it got no relay
  let patience = RELAY_TIMEOUT_MS;

  function entered(ack) {
    way.uncertain = false;
    stay = ack.stay;
    asked ||= ack.relay_missed;
    patience = ack.relay_down ? SHORT_RELAY_TIMEOUT_MS : RELAY_TIMEOUT_MS;
  }

  // Every now and then; `overdue` when relays may be there and still nobody gets through.
  function look(roster, overdue) {
    if (told === stay || !roster.isShielded() || !(overdue || roster.lacksRelay(patience))) return;
    told = stay;
    asked = true;
    send("calls.trouble", { coffee, kind: "no_relay" });
  }

  function asks(roster) {
    return asked && roster.isShielded();
  }

  function connected() {
    asked = false;
  }

  function show(word) {
    for (const part of panel.querySelectorAll("[data-answer]")) part.hidden = part.dataset.answer !== word;
  }

  async function answer(agree) {
    show(agree ? "yes" : "no");
    announce(panel.querySelector(`[data-answer="${agree ? "yes" : "no"}"] p`).textContent);
    panel.querySelector(`[data-answer="${agree ? "yes" : "no"}"] button`).focus();
    if (agree === way.agreed) return;
    way.agreed = agree;
    way.uncertain = true;
    const ack = await send("calls.direct", { coffee, agree });
    if (!ack.ok) return answered(null);
    way.uncertain = false;
    stay = ack.stay;
    answered(ack);
  }

  for (const button of panel.querySelectorAll("[data-agree]")) {
    button.addEventListener("click", () => answer(button.dataset.agree === "yes"));
  }
  show(agreed ? "yes" : "ask");
  const deaf = on("calls.no_relay", (frame) => {
    if (frame.coffee !== coffee) return;
    asked = true;
    changed();
  });

  function stop() {
    deaf();
  }
  return way;
}
