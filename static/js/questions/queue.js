// Question queue of the desk: open questions by votes, and what the team does with each.

import { on, onReconnect, send } from "../shared/socket.js";
import { showToast } from "../shared/toast.js";
import { refresher } from "../shared/refresh.js";
import { fillRow, makeRow, place } from "./rows.js";

export default function queue(open) {
  const { livestream } = open.dataset;
  const fold = document.getElementById("queue-done");
  // Looked up each time: a refresh replaces it.
  const done = () => fold.querySelector("ul");
  const empty = document.getElementById("queue-empty");
  const refresh = refresher([open.id, fold.id]);

  function show(question) {
    const known = find(question.id);
    // Nothing of a hidden question is sent, but the desk still has it.
    if (!known && question.state === "hidden") return;
    const row = known ?? makeRow("queue-shape", question);
    if (question.state === "hidden") row.dataset.state = "hidden";
    else fillRow(row, question);
    for (const choice of row.querySelectorAll("[data-for]")) {
      choice.hidden = !choice.dataset.for.split(" ").includes(question.state);
    }
    place(["open", "live"].includes(question.state) ? open : done(), row);
    fold.hidden = done().childElementCount === 0;
    empty.hidden = open.childElementCount > 0;
  }

  function find(id) {
    const chosen = `li[data-id="${CSS.escape(id)}"]`;
    return open.querySelector(chosen) ?? fold.querySelector(chosen);
  }

  async function change(event) {
    const form = event.target;
    event.preventDefault();
    const state = event.submitter?.name === "state" ? event.submitter.value : form.elements.state.value;
    const answer = form.elements.answer?.value;
    const asked = { question: form.closest("li").dataset.id, state, ...(answer === undefined ? {} : { answer }) };
    const ack = await send("questions.change", asked);
    if (ack.ok) form.closest("details")?.removeAttribute("open");
    else if (ack.message) showToast(ack.message);
  }

  open.addEventListener("submit", change);
  fold.addEventListener("submit", change);
  on("questions.changed", (frame) => frame.livestream === livestream && show(frame.question));
  onReconnect(refresh);
}
