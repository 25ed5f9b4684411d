// Livestream state of the page: a pushed state changes everything that depends on it, without a load.
//
// All panels are on the page already; data-state on the root chooses among them. Modules get a change as
// the event "stage:changed" on the root, with {state, version, source, item, note} as it came in.

import { announce } from "../shared/live_region.js";
import { on } from "../shared/socket.js";

const LOOKS = {
  page: { body: [], main: ["page", "ls"], root: [] },
  room: { body: ["is-stage", "is-wide"], main: ["stage"], root: ["stage-grid"] },
  replay: { body: ["is-wide"], main: ["page", "replay"], root: [] },
};
const FOCUSABLE = "a[href], button:not([disabled]), input:not([type=hidden]), textarea";

export default function state(root) {
  const shapes = JSON.parse(root.dataset.shapes ?? "{}");

  const apply = (frame) => {
    if (frame.livestream !== root.dataset.livestream || !(frame.version > Number(root.dataset.version))) return;
    if (root.hasAttribute("data-desk")) {
      root.dispatchEvent(new CustomEvent("desk:stale"));
      return;
    }
    const before = root.dataset.state;
    root.dataset.version = frame.version;
    if (needsLoad(root, before, frame)) {
      later(() => location.reload());
      return;
    }
    root.dataset.state = frame.state;
    if (root.hasAttribute("data-stage")) dress(root, shapes, frame.state);
    follow(root, frame);
    root.dispatchEvent(new CustomEvent("stage:changed", { detail: { before, ...frame } }));
    if (frame.state !== before) {
      document.title = root.dataset[frame.state === "live" ? "titleLive" : "titlePlain"] ?? document.title;
      announce(root.dataset[`said${frame.state[0].toUpperCase()}${frame.state.slice(1)}`] ?? "");
      rescueFocus(root, frame.state);
    }
  };

  on("livestreams.state", apply);
  root.addEventListener("livestream:state", (event) => apply(event.detail));
}

// Layout of the page: wide or narrow, with or without a footer.
function dress(root, shapes, state) {
  const shape = shapes[state];
  for (const [name, look] of Object.entries(LOOKS)) {
    const here = name === shape;
    for (const word of look.body) document.body.classList.toggle(word, here || LOOKS[shape].body.includes(word));
    for (const word of look.main) root.closest("main").classList.toggle(word, here || LOOKS[shape].main.includes(word));
    for (const word of look.root) root.classList.toggle(word, here);
  }
  for (const part of document.querySelectorAll("[data-shapes-only]")) part.hidden = !part.dataset.shapesOnly.split(" ").includes(shape);
  const bar = document.querySelector(".action-bar");
  if (bar) bar.hidden = shape !== "page";
}

// Data of the frame: the current item of the agenda and the host's note.
function follow(root, frame) {
  if (frame.source) {
    root.toggleAttribute("data-sourced", true);
    // The player receives frames itself, but not answers to requests.
    const film = root.querySelector('[data-module~="livestreams/player"]');
    if (frame.state === "live") film?.dispatchEvent(new CustomEvent("source", { detail: frame.source }));
  }
  if (frame.note !== undefined) {
    for (const note of root.querySelectorAll("[data-note]")) note.textContent = frame.note || note.dataset.plain;
  }
  if (!frame.item) return;
  for (const now of root.querySelectorAll("[data-present]")) {
    now.hidden = false;
    now.querySelector("[data-present-title]").textContent = frame.item.title;
  }
  for (const list of root.querySelectorAll(".agenda")) {
    const parts = [...list.querySelectorAll("[data-item]")];
    const present = parts.findIndex((part) => part.dataset.item === frame.item.id);
    parts.forEach((part, place) => {
      if (place === present) part.setAttribute("aria-current", "step");
      else part.removeAttribute("aria-current");
      if (part.hasAttribute("data-coming")) part.hidden = place <= present;
    });
  }
}

// A withdrawn recording leaves a page without a room. A page that learnt from polling that it is live has no
// source yet.
function needsLoad(root, before, frame) {
  if (before === "replay") return true;
  return ["live", "paused"].includes(frame.state) && !frame.source && !root.hasAttribute("data-sourced");
}

// Jitter: many pages receive the same frame at once.
function later(work) {
  setTimeout(work, Math.random() * 3000);
}

// Moves the focus to the main action if its element went away; focus in the chat stays.
function rescueFocus(root, state) {
  const active = document.activeElement;
  const lost = active === document.body || active === null || active.offsetParent === null;
  if (!lost) return;
  const panel = root.querySelector(`[data-focus][data-states~="${CSS.escape(state)}"]`);
  panel?.querySelector(FOCUSABLE)?.focus({ preventScroll: true });
}
