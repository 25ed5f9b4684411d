// Reveals what becomes due while the page is open: data-from is its time, data-now that of the server. [data-say]
// inside is announced then.

import { announce } from "../shared/live_region.js";

const LONGEST = 2 ** 31 - 1; // milliseconds that a timer can wait

export default function due(element) {
  const wait = Date.parse(element.dataset.from) - Date.parse(element.dataset.now);
  if (!element.hidden || wait > LONGEST) return;
  setTimeout(() => {
    if (!element.isConnected) return;
    element.hidden = false;
    announce(element.querySelector("[data-say]")?.textContent ?? "");
  }, Math.max(0, wait));
}
