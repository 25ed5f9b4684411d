// Time left in a call, as words and a small arc, announced once near the end. It counts down the server's time from
// when the page loaded, so a wrong local clock changes nothing. "clock:more" on the element adds that many minutes.

import { announce } from "../shared/live_region.js";

const UPDATE_INTERVAL_MS = 1000;

export default function timeLeft(element) {
  const came = performance.now();
  const length = Number(element.dataset.minutes) * 60_000;
  const sign = Number(element.dataset.sign) * 60_000;
  const word = element.querySelector("[data-time]");
  const arc = element.querySelector(".bar-fill");
  let whole = Number(element.dataset.left) * 1000;
  let near = whole <= sign;
  const turn = () => {
    const left = whole - (performance.now() - came);
    const minutes = Math.ceil(left / 60_000);
    arc.setAttribute("stroke-dasharray", `${Math.round(Math.min(1, Math.max(0, left / length)) * 100)} 100`);
    if (left <= 0) word.textContent = element.dataset.over;
    else if (left > length && element.dataset.before) word.textContent = element.dataset.before;
    else word.textContent = minutes === 1 ? element.dataset.one : element.dataset.many.replace("{count}", minutes);
    element.classList.toggle("is-near", left <= sign);
    if (left <= sign && !near && left > 0) {
      near = true;
      announce(element.dataset.said ?? "");
      element.dispatchEvent(new CustomEvent("clock:near", { bubbles: true }));
    }
  };
  element.addEventListener("clock:more", ({ detail }) => {
    whole += detail * 60_000;
    near = whole - (performance.now() - came) <= sign;
    turn();
  });
  turn();
  const timer = setInterval(() => (element.isConnected ? turn() : clearInterval(timer)), UPDATE_INTERVAL_MS);
}
