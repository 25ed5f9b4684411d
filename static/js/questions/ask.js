// Question form sent without leaving the page. It is cleared only once the server has the question.

import { send } from "../shared/socket.js";

export default function ask(form) {
  const trouble = form.querySelector('[data-slot="trouble"]');
  let sending = false;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { client_id: client, body, nameless } = form.elements;
    const words = body.value.trim();
    if (sending || !words) return;
    sending = true;
    const ack = await send("questions.ask", {
      livestream: form.dataset.livestream,
      client_id: client.value,
      body: words,
      nameless: nameless.checked,
      ...momentOf(form),
    });
    sending = false;
    // The server may have it although its answer was lost: the same words go again under the same name.
    if (!ack.ok && ack.error === "unreachable") {
      show(trouble.dataset.words);
      return;
    }
    client.value = newId();
    if (!ack.ok) {
      show(ack.message);
      return;
    }
    document.dispatchEvent(new CustomEvent("questions:asked", { detail: ack.id }));
    show("");
    body.value = "";
    nameless.checked = false;
    body.focus();
  });

  function show(words) {
    trouble.textContent = words;
    trouble.hidden = !words;
  }
}

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Beside a recording: the second at which it is asked.
function momentOf(form) {
  const second = Number(form.closest("[data-recording]")?.dataset.time);
  return second > 0 ? { second } : {};
}
