// One question at a time to talk on; the rest wait on the page.

import { announce } from "../shared/live_region.js";

export default function prompts(element) {
  const all = [...element.querySelectorAll("[data-prompt]")];
  let at = Math.floor(Math.random() * all.length);
  const show = () => all.forEach((prompt, index) => (prompt.hidden = index !== at));
  show();
  const button = element.querySelector("[data-next]");
  button.hidden = false;
  button.addEventListener("click", () => {
    at = (at + 1) % all.length;
    show();
    announce(all[at].textContent);
  });
}
