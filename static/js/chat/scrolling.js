// Keeps a log where its reader wants it: at the end while they are there, still while they read back.

import { part } from "./message.js";

const NEAR = 128;
const TOP = 60;

export function scrolling(list, box) {
  const newer = part(box, "newer");
  // On a wide page the box around the log scrolls, on a phone the log itself.
  const scroller = () => (getComputedStyle(list).overflowY === "visible" ? box : list);
  const atEnd = () => {
    const one = scroller();
    return one.scrollHeight - one.scrollTop - one.clientHeight < NEAR;
  };
  let stuck = true;
  const toEnd = () => {
    const one = scroller();
    one.scrollTop = one.scrollHeight;
    stuck = true;
    if (newer) newer.hidden = true;
  };

  newer?.querySelector("button").addEventListener("click", () => {
    toEnd();
    list.focus({ preventScroll: true });
  });
  for (const one of [list, box]) {
    one.addEventListener("scroll", () => one === scroller() && look(), { passive: true });
  }
  // Fonts arrive, a field opens, the phone turns: who was at the end stays there.
  const growing = new ResizeObserver(() => stuck && toEnd());
  for (const one of [box, ...box.children, ...list.children]) growing.observe(one);
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
      const one = scroller();
      const fromEnd = one.scrollHeight - one.scrollTop;
      change();
      one.scrollTop = one.scrollHeight - fromEnd;
    },
    onTop(read) {
      for (const one of [list, box]) {
        one.addEventListener("scroll", () => one === scroller() && one.scrollTop < TOP && read(), { passive: true });
      }
    },
  };
}
