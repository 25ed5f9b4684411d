// One question on a page: the template filled with data, and its place among the others.

export function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
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
  part(row, "body").textContent = question.body;
  const author = part(row, "author");
  author.textContent = question.author?.name ?? author.dataset.nameless;
  part(row, "live").hidden = question.state !== "live";
  const answer = part(row, "answer");
  answer.textContent = question.answer;
  answer.hidden = !question.answer;
  setVotes(row, question.votes);
}

export function setVotes(row, count) {
  row.dataset.votes = count;
  const votes = part(row, "votes");
  votes.textContent = counted(votes, count);
}

// "6 votes" in words the page brought, or the bare number.
export function counted(element, count) {
  const words = count === 1 ? element.dataset.one : element.dataset.many;
  return words ? words.replace("{count}", count) : String(count);
}

// The one on the stage, then by votes, then who asked first. Focus stays where it is.
export function place(list, row) {
  const after = [...list.children].find((other) => other !== row && comesBefore(row, other)) ?? null;
  if (row.parentElement === list && row.nextElementSibling === after) return;
  const focused = row.contains(document.activeElement) ? document.activeElement : null;
  list.insertBefore(row, after);
  focused?.focus({ preventScroll: true });
}

function comesBefore(one, other) {
  const ranks = [one, other].map((row) => [row.dataset.state === "live" ? 0 : 1, -votesOf(row), row.dataset.asked]);
  for (let i = 0; i < 3; i += 1) {
    if (ranks[0][i] < ranks[1][i]) return true;
    if (ranks[0][i] > ranks[1][i]) return false;
  }
  return false;
}

function votesOf(row) {
  return Number(row.dataset.votes ?? part(row, "votes").textContent);
}
