// Toasts: what was just done, for six seconds over the header, where no title is covered; hover and focus hold them.

import { announce } from "./live_region.js";

const SHOWN_MS = 6000;

// The toasts a page came with: say them once, then let them go.
export function watchToasts() {
  for (const toast of document.querySelectorAll("[data-toast]")) keep(toast);
}

// A new one takes the place of earlier ones, which may no longer be true; those said together stay together.
export function showToast(words) {
  const shape = document.getElementById("toast-shape");
  const place = document.getElementById("toasts");
  if (!shape || !place) return null;
  const toast = shape.content.firstElementChild.cloneNode(true);
  toast.querySelector("span").textContent = words;
  for (const old of place.querySelectorAll("[data-said]")) old.remove();
  place.append(toast);
  keep(toast);
  return toast;
}

function keep(toast) {
  announce(toast.querySelector("span").textContent);
  setTimeout(() => {
    toast.dataset.said = "";
  });
  // One with undo says how long it can be undone.
  const shown = toast.dataset.seconds ? Number(toast.dataset.seconds) * 1000 : SHOWN_MS;
  let timer = null;
  const go = () => {
    timer = setTimeout(() => toast.remove(), shown);
  };
  const wait = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", wait);
  toast.addEventListener("focusin", wait);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusout", go);
  go();
}
