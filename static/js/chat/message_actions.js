// Actions of a chat message: reply, edit, delete, and for moderators pin and mute. The server decides; this only
// offers what it will allow.

import { open } from "../shared/dialog.js";
import { send } from "../shared/socket.js";
import { showToast } from "../shared/toast.js";
import { slot } from "./message.js";

const EDIT_WINDOW_MS = 10 * 60_000;

export default function messageActions(list) {
  const { room, reader } = list.dataset;
  const posts = "posts" in list.dataset;
  const { coffee } = list.dataset;
  const moderates = "moderates" in list.dataset;
  const pinned = slot(list.parentElement, "pinned");

  function offered(line) {
    const own = line.dataset.author === reader;
    const fresh = Date.now() - Date.parse(line.dataset.sent) < EDIT_WINDOW_MS;
    return {
      reply: posts && !own,
      coffee: Boolean(coffee) && !own,
      edit: posts && own && fresh,
      pin: moderates,
      mute: moderates && !own,
      delete: moderates || (posts && own),
    };
  }

  function equip(line) {
    line.querySelector(".chat-tools")?.remove();
    if (!line.dataset.seq || slot(line, "body").hidden) return;
    if (!Object.values(offered(line)).some(Boolean)) return;
    const bar = document.getElementById("chat-tools").content.firstElementChild.cloneNode(true);
    line.querySelector(".who").append(bar);
  }

  function unfold(line, button) {
    const actions = slot(line, "actions");
    const allowed = offered(line);
    for (const action of actions.children) {
      action.hidden = !allowed[action.dataset.action];
      if (action.dataset.action === "coffee") action.href = coffee + encodeURIComponent(line.dataset.author);
    }
    const opens = actions.hidden;
    foldAll();
    if (!opens) return;
    actions.hidden = false;
    button.setAttribute("aria-expanded", "true");
    actions.scrollIntoView({ block: "nearest" });
    itemsOf(actions)[0]?.focus({ preventScroll: true });
  }

  function foldAll() {
    for (const line of list.querySelectorAll("li:has([aria-expanded=true])")) fold(line);
  }

  async function ask(frame, payload) {
    const ack = await send(frame, { room, ...payload });
    if (!ack.ok && ack.message) showToast(ack.message);
    return ack.ok;
  }

  // Asks for confirmation first; the answer is the button's value.
  function confirm(id, then) {
    const dialog = document.getElementById(id);
    dialog.returnValue = "";
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && then(dialog), { once: true });
    open(dialog);
  }

  const handlers = {
    more: unfold,
    reply: (line) => dispatch("chat:reply", { seq: Number(line.dataset.seq), name: line.dataset.name }),
    edit: (line) => dispatch("chat:edit", { seq: Number(line.dataset.seq), body: slot(line, "body").textContent }),
    delete: (line) => confirm("chat-delete", () => ask("chat.delete", { seq: Number(line.dataset.seq) })),
    pin: (line) => ask("chat.pin", { seq: Number(line.dataset.seq) }),
    mute: (line) =>
      confirm("chat-mute", async (dialog) => {
        const done = await ask("chat.mute", { user: line.dataset.author });
        if (done) showToast(dialog.querySelector("[data-done]").dataset.done);
      }),
  };

  function dispatch(name, detail) {
    list.dispatchEvent(new CustomEvent(name, { detail }));
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-action]");
    const line = button?.closest("li");
    if (!line || !(button.dataset.action in handlers)) return;
    handlers[button.dataset.action](line, button);
    if (button.dataset.action !== "more") fold(line);
  });
  list.addEventListener("keydown", (event) => {
    const actions = event.target.closest(".chat-menu");
    if (!actions) return;
    const items = itemsOf(actions);
    const at = items.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    if (event.key in to) items[(to[event.key] + items.length) % items.length].focus();
    else if (event.key === "Escape") actions.previousElementSibling.focus();
    else return;
    event.preventDefault();
    if (event.key === "Escape") foldAll();
  });
  document.addEventListener("pointerdown", (event) => event.target.closest(".chat-tools") || foldAll());
  list.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !event.relatedTarget.closest(".chat-tools")) foldAll();
  });
  pinned.querySelector("[data-action=unpin]")?.addEventListener("click", () => {
    const seq = Number(pinned.dataset.seq);
    if (seq) ask("chat.pin", { seq, pinned: false });
  });
  list.addEventListener("chat:line", ({ detail }) => equip(detail.line));
  for (const line of list.children) equip(line);
}

function itemsOf(actions) {
  return [...actions.children].filter((action) => !action.hidden);
}

function fold(line) {
  const actions = slot(line, "actions");
  if (actions) actions.hidden = true;
  line.querySelector("[data-action=more]")?.setAttribute("aria-expanded", "false");
}
