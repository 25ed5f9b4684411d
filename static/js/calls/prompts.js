// Conversation prompts, one question at a time: light ones first, then shared topics, then deeper ones. Each side sees
// their own.

import { announce } from "../shared/live_region.js";

const LIGHT_COUNT = 2; // how many of them come before those that go further

export default function prompts(element) {
  const line = inOrder([...element.querySelectorAll("[data-prompt]")]);
  let at = 0;
  const show = () => line.forEach((prompt, place) => (prompt.hidden = place !== at));
  show();
  const button = element.querySelector("[data-next]");
  button.hidden = false;
  button.addEventListener("click", () => {
    at = (at + 1) % line.length;
    show();
    announce(line[at].textContent);
  });
}

function inOrder(all) {
  const tied = all.filter((prompt) => prompt.hasAttribute("data-tied"));
  const of = (depth) => shuffled(all.filter((prompt) => prompt.dataset.depth === depth && !tied.includes(prompt)));
  const light = of("1");
  return [...light.slice(0, LIGHT_COUNT), ...tied, ...of("2"), ...of("3"), ...light.slice(LIGHT_COUNT)];
}

function shuffled(list) {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [list[last], list[other]] = [list[other], list[last]];
  }
  return list;
}
