// After-talk page: a frame says that something is new; the page then fetches itself, in the reader's language, and
// replaces the part that changed, so that camera and microphone stay open throughout. An unchanged part, such as a talk
// that goes on, is left alone.

import { announce } from "../shared/live_region.js";
import { startModules } from "../shared/autostart.js";
import { on, onReconnect, send } from "../shared/socket.js";

const ENTER_INTERVAL_MS = 20_000;
const LATE_MS = 2500; // after the end of a step the page asks itself: a frame may be lost

export default function aftertalk(root) {
  const livestream = root.dataset.livestream;
  let reading = null;
  let timer = null;

  const joined = () => root.dataset.joined === "yes";

  async function enter() {
    if (!joined()) return;
    const ack = await send("nazit.enter", { livestream });
    if (ack.ok && ack.step !== Number(root.dataset.step)) renew();
  }

  // One fetch at a time; a change meanwhile causes one more.
  async function renew() {
    if (reading) {
      reading.again = true;
      return;
    }
    reading = { again: false };
    try {
      await take(await fetch(root.dataset.url, { headers: { Accept: "text/html" } }));
    } catch {
      setTimeout(renew, LATE_MS);
    }
    const { again } = reading;
    reading = null;
    if (again) renew();
  }

  async function take(answer) {
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-aftertalk]");
    if (!next) {
      location.assign(answer.url);
      return;
    }
    if (joined() && next.dataset.back && !root.dataset.back) {
      location.assign(next.dataset.back); // the livestream went on after all
      return;
    }
    root.dataset.back = next.dataset.back;
    Object.assign(root.dataset, { step: next.dataset.step, joined: next.dataset.joined, left: next.dataset.left });
    const old = root.querySelector("[data-part]");
    const part = next.querySelector("[data-part]");
    if (old.dataset.part !== part.dataset.part) replace(old, part, page.title);
    wait();
  }

  function replace(old, part, title) {
    const hadFocus = old.contains(document.activeElement);
    for (const inner of old.querySelectorAll("[data-module]")) inner.dispatchEvent(new CustomEvent("part:end"));
    old.replaceWith(document.importNode(part, true));
    const now = root.querySelector("[data-part]");
    document.title = title;
    startModules(now);
    announce(now.querySelector("[data-say]")?.textContent ?? "");
    if (hadFocus) now.focus({ preventScroll: true });
    enter(); // the next step pairs those who are present now
  }

  function wait() {
    clearTimeout(timer);
    const left = Number(root.dataset.left);
    if (left > 0) timer = setTimeout(renew, left * 1000 + LATE_MS + Math.random() * 1000);
  }

  // Every form here answers with this very page.
  root.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { target: form, submitter } = event;
    if (form.dataset.sending) return;
    form.dataset.sending = "yes";
    const data = new FormData(form, submitter);
    try {
      await take(await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html" } }));
    } finally {
      delete form.dataset.sending;
    }
  });

  on("nazit.changed", (frame) => frame.livestream === livestream && renew());
  onReconnect(() => {
    enter();
    renew();
  });
  setInterval(enter, ENTER_INTERVAL_MS);
  enter();
  wait();
}
