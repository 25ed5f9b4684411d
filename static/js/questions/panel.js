// Questions beside a livestream: they arrive, rise by votes, go on the stage and are answered.

import { announce } from "../shared/live_region.js";
import { on, onReconnect, send } from "../shared/socket.js";
import { markUnread } from "../shared/tabs.js";
import { refresher } from "../shared/refresh.js";
import { counted, fillRow, makeRow, slot, place, setVotes } from "./rows.js";

export default function panel(open) {
  const { livestream, many } = open.dataset;
  const fold = document.getElementById("questions-answered");
  // Looked up each time: a refresh replaces it.
  const answered = () => fold.querySelector("ol");
  const empty = document.getElementById("questions-empty");
  const own = new Set(); // asked here, with one's own vote
  const stage = document.getElementById("on-stage");
  const refresh = refresher([open.id, fold.id], "questions");

  function show(question) {
    const known = find(question.id);
    if (question.state === "hidden") {
      known?.remove();
    } else {
      const row = known ?? makeRow("question-shape", question);
      fillRow(row, question);
      const done = question.state === "answered";
      const vote = row.querySelector("button.vote");
      if (vote) vote.disabled = done;
      if (!known && own.has(question.id)) mark(row.querySelector("form"), true);
      place(done ? answered() : open, row);
      // One with votes may be an older one that stands on the page of all questions: no news.
      if (!known && !done && question.votes <= 1) announceNew(question);
    }
    showOnStage(stage, question);
    const count = slot(fold, "count");
    const beyond = Number(answered().dataset.beyond); // not shown here
    count.textContent = counted(count, answered().childElementCount + beyond);
    fold.hidden = answered().childElementCount === 0;
    empty.hidden = open.childElementCount + answered().childElementCount > 0;
  }

  function find(id) {
    const chosen = `li[data-id="${CSS.escape(id)}"]`;
    return open.querySelector(chosen) ?? fold.querySelector(chosen);
  }

  function announceNew(question) {
    const box = open.closest("[role=tabpanel]");
    if (box?.hidden) markUnread(box);
    else announce(question.body, { group: "questions", many });
  }

  open.addEventListener("submit", async (event) => {
    const form = event.target;
    event.preventDefault();
    const row = form.closest("li");
    const button = form.querySelector("button");
    const up = button.getAttribute("aria-pressed") !== "true";
    mark(form, up);
    const ack = await send("questions.vote", { question: row.dataset.id, up });
    if (ack.ok) {
      setVotes(row, ack.votes);
      return;
    }
    mark(form, !up);
    // Without a socket the form does it, and the page comes back with the result.
    if (ack.error === "unreachable") {
      form.elements.up.value = up ? "1" : "";
      form.submit();
    }
  });

  document.addEventListener("questions:asked", ({ detail }) => {
    own.add(detail);
    const form = find(detail)?.querySelector("form");
    if (form) mark(form, true);
  });
  on("questions.changed", (frame) => frame.livestream === livestream && show(frame.question));
  onReconnect(refresh);
  open.closest("#stage")?.addEventListener("room:stale", () => {
    if (open.offsetParent !== null) refresh();
  });
}

// The line above every tab: which question is answered at this moment.
function showOnStage(line, question) {
  if (!line) return;
  if (question.state === "live") {
    line.dataset.id = question.id;
    slot(line, "body").textContent = question.body;
    line.hidden = false;
  } else if (line.dataset.id === question.id) {
    line.hidden = true;
  }
}

function mark(form, up) {
  form.querySelector("button").setAttribute("aria-pressed", String(up));
  form.elements.up.value = up ? "" : "1";
}
