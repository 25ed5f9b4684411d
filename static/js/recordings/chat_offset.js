// Chat offset editor: stop the film where a message belongs, press the message, and the field holds the second of the
// film at which the livestream began.

import { attach } from "../livestreams/player.js";
import { announce } from "../shared/live_region.js";

export default function align(root) {
  const film = attach(root.querySelector('[data-module~="livestreams/player"]'));
  const field = document.getElementById(root.dataset.field);
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-seek]");
    if (!link) return;
    event.preventDefault();
    film.seek(Number(link.dataset.seek));
  });
  for (const button of root.querySelectorAll("[data-after]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      field.value = clockText(Math.round(film.currentTime() - Number(button.dataset.after)));
      for (const other of root.querySelectorAll("[data-after]")) other.setAttribute("aria-pressed", String(other === button));
      announce(`${root.dataset.said} ${field.value}`);
      root.querySelector("[data-chosen]").hidden = false;
    });
  }
}

function clockText(seconds) {
  const whole = Math.abs(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const text = parts[0]
    ? `${parts[0]}:${String(parts[1]).padStart(2, "0")}:${String(parts[2]).padStart(2, "0")}`
    : `${parts[1]}:${String(parts[2]).padStart(2, "0")}`;
  return seconds < 0 ? `-${text}` : text;
}
