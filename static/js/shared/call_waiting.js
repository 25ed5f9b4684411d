// Call-waiting notice on every page while someone waits for the reader in a call, with the link to join.
// No connection is opened for it; pages that have one receive it.

import { announce } from "./live_region.js";
import { listenIfOpen } from "./socket.js";

export function watchWaiting() {
  const shape = document.getElementById("waiting-shape");
  const place = document.getElementById("toasts");
  if (!shape || !place) return;
  listenIfOpen("calls.waiting", ({ coffee }) => {
    if (place.querySelector(`[data-waiting="${coffee}"]`) || location.pathname.endsWith("/call")) return;
    const toast = shape.content.firstElementChild.cloneNode(true);
    toast.dataset.waiting = coffee;
    const link = toast.querySelector("a");
    link.href = link.getAttribute("href").replace("COFFEE", coffee);
    place.append(toast);
    announce(toast.querySelector("span").textContent);
  });
}
