// Scroll position of a chat log: at the end while the reader is there, unchanged while they read back.

import { slot } from "./message.js";

const NEAR_END_PX = 128;
const NEAR_TOP_PX = 60;

export function scrolling(list, box) {
  const newer = slot(box, "newer");
  // On a wide page the box around the log scrolls, on a phone the log itself.
  const scroller = () => (getComputedStyle(list).overflowY === "visible" ? box : list);
  const atEnd = () => {
    const pane = scroller();
    return pane.scrollHeight - pane.scrollTop - pane.clientHeight < NEAR_END_PX;
  };
  let stuck = true;
  const toEnd = () => {
    const pane = scroller();
    pane.scrollTop = pane.scrollHeight;
    stuck = true;
    if (newer) newer.hidden = true;
  };

  newer?.querySelector("button").addEventListener("click", () => {
    toEnd();
    list.focus({ preventScroll: true });
  });
  for (const pane of [list, box]) {
    pane.addEventListener("scroll", () => pane === scroller() && look(), { passive: true });
  }
  // Fonts load, a field opens, the phone turns: a reader at the end stays there.
  const growing = new ResizeObserver(() => stuck && toEnd());
  for (const element of [box, ...box.children, ...list.children]) growing.observe(element);
  function look() {
    stuck = atEnd();
    if (stuck && newer) newer.hidden = true;
  }
  // A panel that comes into view starts at its end.
  document.addEventListener("tab:shown", (event) => event.target.contains(list) && toEnd());
  toEnd();

  return {
    // Change something at or near the end; one's `own` goes there with it, and what is `fresh` is announced
    // to a reader who is elsewhere.
    keep(change, { own = false, fresh = true } = {}) {
      const stick = own || atEnd();
      change();
      if (stick) toEnd();
      else if (newer && fresh) newer.hidden = false;
    },
    // Change something above without moving what is being read.
    above(change) {
      const pane = scroller();
      const fromEnd = pane.scrollHeight - pane.scrollTop;
      change();
      pane.scrollTop = pane.scrollHeight - fromEnd;
    },
    onTop(read) {
      for (const pane of [list, box]) {
        pane.addEventListener("scroll", () => pane === scroller() && pane.scrollTop < NEAR_TOP_PX && read(), { passive: true });
      }
    },
  };
}
