// Rows of questions: the template filled with data, and the sort order of the list.

export function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

export function makeRow(shape, question) {
  const row = document.getElementById(shape).content.firstElementChild.cloneNode(true);
  row.dataset.id = question.id;
  row.dataset.asked = new Date().toISOString();
  for (const form of row.querySelectorAll("form")) {
    form.setAttribute("action", form.getAttribute("action").replace("QUESTION", question.id));
  }
  return row;
}

export function fillRow(row, question) {
  row.dataset.state = question.state;
  slot(row, "body").textContent = question.body;
  const author = slot(row, "author");
  author.textContent = question.author?.name ?? author.dataset.nameless;
  slot(row, "live").hidden = question.state !== "live";
  const answer = slot(row, "answer");
  answer.textContent = question.answer;
  answer.hidden = !question.answer;
  setVotes(row, question.votes);
}

export function setVotes(row, count) {
  row.dataset.votes = count;
  const votes = slot(row, "votes");
  votes.textContent = counted(votes, count);
}

// "6 votes" in words the page brought, or the bare number.
export function counted(element, count) {
  const words = count === 1 ? element.dataset.one : element.dataset.many;
  return words ? words.replace("{count}", count) : String(count);
}

// Order: the one on the stage, then by votes, then by time. Focus stays where it is.
export function place(list, row) {
  const after = [...list.children].find((other) => other !== row && comesBefore(row, other)) ?? null;
  if (row.parentElement === list && row.nextElementSibling === after) return;
  const focused = row.contains(document.activeElement) ? document.activeElement : null;
  list.insertBefore(row, after);
  focused?.focus({ preventScroll: true });
}

function comesBefore(row, other) {
  const ranks = [row, other].map((item) => [item.dataset.state === "live" ? 0 : 1, -votesOf(item), item.dataset.asked]);
  for (let i = 0; i < 3; i += 1) {
    if (ranks[0][i] < ranks[1][i]) return true;
    if (ranks[0][i] > ranks[1][i]) return false;
  }
  return false;
}

function votesOf(row) {
  return Number(row.dataset.votes ?? slot(row, "votes").textContent);
}
