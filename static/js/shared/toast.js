// What was just done, for six seconds under the header, where no button is; it waits while someone looks at it.

import { announce } from "./live_region.js";

const SHOWN = 6000;

// The toasts a page came with: say them once, then let them go.
export function watchToasts() {
  for (const toast of document.querySelectorAll("#toasts [data-toast]")) keep(toast);
}

// `undo` is called by the button that the page's template carries; without it there is no button.
export function showToast(words, { undo = null } = {}) {
  const shape = document.getElementById("toast-shape");
  const place = document.getElementById("toasts");
  if (!shape || !place) return null;
  const toast = shape.content.firstElementChild.cloneNode(true);
  toast.querySelector("span").textContent = words;
  const button = toast.querySelector("button");
  if (undo) {
    button.addEventListener("click", () => {
      toast.remove();
      undo();
    });
  } else {
    button.remove();
  }
  place.append(toast);
  keep(toast);
  return toast;
}

function keep(toast) {
  announce(toast.querySelector("span").textContent);
  let timer = null;
  const go = () => {
    timer = setTimeout(() => toast.remove(), SHOWN);
  };
  const wait = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", wait);
  toast.addEventListener("focusin", wait);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusout", go);
  go();
}
