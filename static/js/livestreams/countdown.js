// Countdown of the lobby in minutes and seconds by the server's time, in sentences from the page.

import { on } from "../shared/socket.js";

export default function countdown(element) {
  const clock = element.querySelector("[data-clock]");
  const words = element.querySelector("[data-words]");
  const ahead = Date.parse(element.dataset.now) - Date.now(); // how far the server's clock is ahead of this one
  let starts = Date.parse(element.dataset.starts);

  function show() {
    const left = Math.max(0, Math.floor((starts - Date.now() - ahead) / 1000));
    clock.textContent = left ? asClock(left) : "";
    const minutes = Math.floor(left / 60);
    const sentence =
      minutes > 1
        ? element.dataset.minutes.replace("{count}", minutes)
        : minutes === 1
          ? element.dataset.minute
          : element.dataset.soon;
    if (words.textContent !== sentence) words.textContent = sentence;
  }

  on("livestreams.state", (frame) => {
    if (frame.livestream !== element.dataset.livestream || !frame.starts_at) return;
    starts = Date.parse(frame.starts_at);
    show();
  });
  show();
  setInterval(show, 1000);
}

function asClock(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${hours ? two(Math.floor((seconds % 3600) / 60)) : Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}
