// Chat composer. A message is shown at once as pending and sent, in order and under the same client_id, until the
// server has it; only a refusal marks it "not sent".

import { on, onReconnect, send } from "../shared/socket.js";
import { slot } from "./message.js";
import { outbox } from "./outbox.js";

const RETRY_AFTER_MS = 3000;

export default function composer(form) {
  const { room, reader } = form.dataset;
  const list = document.getElementById(form.dataset.list);
  const input = form.elements.body;
  const box = outbox(room, reader);
  let sending = false;
  let timer = null;
  let context = null; // {kind: "reply" | "edit", seq, name?}
  let newest = 0;

  const dispatch = (name, detail) => list.dispatchEvent(new CustomEvent(name, { detail }));

  async function pump() {
    if (sending) return;
    clearTimeout(timer);
    sending = true;
    let item = next();
    while (item) {
      const ack = await deliver(item);
      if (ack.ok) {
        box.drop(item.client_id);
        dispatch("chat:state", { client_id: item.client_id, state: "waiting", seq: ack.seq });
      } else if (ack.status >= 500 || ack.status === 429) {
        const wait = ack.retry_after ? ack.retry_after * 1000 : RETRY_AFTER_MS;
        timer = setTimeout(pump, wait * (1 + Math.random() / 2));
        break;
      } else {
        box.put({ ...item, failed: true, words: ack.message });
        dispatch("chat:state", { client_id: item.client_id, state: "failed", words: ack.message });
      }
      item = next();
    }
    sending = false;
  }

  function next() {
    return box.all().find((item) => !item.failed);
  }

  // Over the socket; if that is blocked, by fetch as the form would, with JSON as the answer.
  async function deliver({ client_id, body, reply_to }) {
    const words = reply_to ? { client_id, body, reply_to } : { client_id, body };
    const ack = await send("chat.post", { room, ...words });
    if (ack.ok || ack.error !== "unreachable") return ack;
    const data = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, ...words });
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
      const found = await answer.json();
      return answer.ok
        ? { ok: true, ...found }
        : { ok: false, status: answer.status, message: found.error?.message, retry_after: retryAfter(answer) };
    } catch {
      return ack;
    }
  }

  async function sendEdit(seq, body) {
    const ack = await send("chat.edit", { room, seq, body });
    if (ack.ok) return;
    input.value = body;
    choose({ kind: "edit", seq });
    const trouble = slot(form, "trouble");
    trouble.textContent = ack.message ?? "";
    trouble.hidden = !ack.message;
  }

  function choose(chosen) {
    context = chosen;
    slot(form, "context").hidden = !chosen;
    slot(form, "replying").hidden = chosen?.kind !== "reply";
    slot(form, "editing").hidden = chosen?.kind !== "edit";
    slot(form, "context-name").textContent = chosen?.name ?? "";
    slot(form, "trouble").hidden = true;
    if (chosen) input.focus();
  }

  function clear() {
    input.value = "";
    box.setDraft("");
    choose(null);
  }

  function showWaiting() {
    for (const item of box.all()) {
      dispatch("chat:waiting", item);
      if (item.failed) dispatch("chat:state", { client_id: item.client_id, state: "failed", words: item.words });
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = input.value.trim();
    const about = context;
    if (!body) return;
    clear();
    if (about?.kind === "edit") {
      sendEdit(about.seq, body);
      return;
    }
    // A clock that stands still must not change the order of two messages.
    newest = Math.max(Date.now(), newest + 1);
    const item = {
      client_id: newId(),
      body,
      reply_to: about?.seq,
      at: newest,
      sent_at: new Date(newest).toISOString(),
    };
    box.put(item);
    dispatch("chat:waiting", item);
    pump();
  });
  input.addEventListener("input", () => context?.kind !== "edit" && box.setDraft(input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && context) clear();
  });
  slot(form, "context").querySelector("button").addEventListener("click", clear);

  list.addEventListener("chat:reply", ({ detail }) => choose({ kind: "reply", ...detail }));
  list.addEventListener("chat:edit", ({ detail }) => {
    input.value = detail.body;
    choose({ kind: "edit", seq: detail.seq });
  });
  list.addEventListener("click", (event) => {
    const action = event.target.closest("[data-action=retry], [data-action=discard]")?.dataset.action;
    if (!action) return;
    const client = event.target.closest("li").dataset.client;
    const item = box.all().find((entry) => entry.client_id === client);
    box.drop(client);
    dispatch("chat:discard", { client_id: client });
    if (!item) return;
    if (action === "discard") {
      input.value ||= item.body;
      input.focus();
      return;
    }
    // It was refused, so it is not stored: with a new id it is a new message.
    const fresh = { ...item, client_id: newId(), failed: false, words: "" };
    box.put(fresh);
    dispatch("chat:waiting", fresh);
    pump();
  });

  on("chat.muted", (frame) => {
    if (frame.room === room) slot(form, "muted").hidden = false;
  });
  onReconnect(pump);
  list.addEventListener("chat:ready", showWaiting);
  if ("ready" in list.dataset) showWaiting();
  input.value ||= box.draft();
  pump();
}

// randomUUID is missing on plain http addresses other than localhost.
function newId() {
  return crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

function retryAfter(answer) {
  return Number(answer.headers.get("Retry-After")) || undefined;
}
