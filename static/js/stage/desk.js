// Desk that stays on its page: a control is sent by fetch, and the parts of the answer (the current desk) marked
// data-renew replace the old ones. The picture, and a form that is being filled in, stay.
//
// A pushed state, a poll that opened or closed and, while a poll is open, every few seconds renew them too.
// A part with a value of data-renew is left alone while that value is the same. A form with
// data-leaves is sent as usual: what follows is another page.

import { showBusy, showReady } from "../shared/submit_once.js";
import { startModules } from "../shared/autostart.js";
import { on, onReconnect } from "../shared/socket.js";
import { showToast } from "../shared/toast.js";

const COUNT_INTERVAL_MS = 3000;
const RENEW_DELAY_MS = 150;

export default function desk(root) {
  let sending = false;
  let timer = null;

  root.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.dataset.busy === "off" || "leaves" in form.dataset) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    const button = event.submitter;
    if (button) showBusy(button);
    try {
      const body = new URLSearchParams(new FormData(form, button));
      const answer = await fetch(form.action, { method: "POST", body });
      if (!isDesk(answer)) leave(form, button, answer);
      else {
        form.closest("dialog")?.close();
        form.reset();
        form.closest("details")?.removeAttribute("open");
        show(await answer.text(), { own: true });
      }
    } catch {
      showToast(root.dataset.trouble);
    } finally {
      sending = false;
      if (button) showReady(button);
    }
  });

  function renew(wait = RENEW_DELAY_MS) {
    clearTimeout(timer);
    timer = setTimeout(read, wait);
  }

  async function read() {
    try {
      const answer = sending ? null : await fetch(location.href);
      if (answer && isDesk(answer) && !sending) show(await answer.text(), { own: false });
    } catch {
      // The next frame, or the next count, asks again.
    }
    plan();
  }

  function plan() {
    if (document.querySelector("[data-counting]")) renew(COUNT_INTERVAL_MS);
  }

  function show(html, { own }) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const there = fresh.getElementById("stage");
    if (Number(there.dataset.version) < Number(root.dataset.version)) return;
    if (Boolean(fresh.getElementById("desk-going")) !== Boolean(document.getElementById("desk-going"))) {
      location.reload(); // ended, or live again: another page
      return;
    }
    const before = root.dataset.state;
    const { state, version } = there.dataset;
    Object.assign(root.dataset, { state, version });
    for (const part of document.querySelectorAll("[data-renew]")) {
      const next = fresh.getElementById(part.id);
      if (next && (own || !isInUse(part))) replace(part, next);
    }
    for (const said of fresh.querySelectorAll("#toasts [data-toast] span, .page-notes .note > div")) {
      showToast(said.textContent.trim());
    }
    if (state !== before) {
      root.dispatchEvent(new CustomEvent("stage:changed", { detail: { before, state, version } }));
    }
    plan();
  }

  function isDesk(answer) {
    return answer.ok && new URL(answer.url).pathname === location.pathname;
  }

  on("polls.changed", (frame) => frame.livestream === root.dataset.livestream && renew());
  root.addEventListener("desk:stale", () => renew());
  // Parts left alone because their dialog was open.
  root.addEventListener("close", () => renew(), true);
  onReconnect(() => renew());
  plan();
}

// Refused or signed out: follow the answer as an ordinary form would.
function leave(form, button, answer) {
  if (answer.redirected) {
    location.assign(answer.url);
    return;
  }
  if (button?.name) {
    const chosen = Object.assign(document.createElement("input"), { type: "hidden" });
    form.append(Object.assign(chosen, { name: button.name, value: button.value }));
  }
  form.submit();
}

function isInUse(part) {
  const active = document.activeElement;
  return Boolean(part.querySelector("dialog[open]")) || (part.contains(active) && active.matches("input, textarea"));
}

function replace(part, next) {
  part.toggleAttribute("data-counting", next.hasAttribute("data-counting"));
  if (part.dataset.renew && part.dataset.renew === next.dataset.renew) return;
  part.dataset.renew = next.dataset.renew;
  const focused = part.contains(document.activeElement) ? document.activeElement.closest("form")?.getAttribute("action") : null;
  part.replaceChildren(...next.childNodes);
  startModules(part);
  if (focused) part.querySelector(`form[action="${CSS.escape(focused)}"] button`)?.focus();
}
