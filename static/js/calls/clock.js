// How long the coffee still lasts, as a word and a small arc. It never interrupts.

const TURN = 20_000;

export default function clock(element) {
  const ends = Date.parse(element.dataset.ends);
  const length = Number(element.dataset.minutes) * 60_000;
  const word = element.querySelector("[data-left]");
  const arc = element.querySelector(".fg");
  const turn = () => {
    const left = ends - Date.now();
    const minutes = Math.ceil(left / 60_000);
    arc.setAttribute("stroke-dasharray", `${Math.round(Math.min(1, Math.max(0, left / length)) * 100)} 100`);
    if (left <= 0) word.textContent = element.dataset.over;
    else if (left > length) word.textContent = element.dataset.before;
    else word.textContent = minutes === 1 ? element.dataset.one : element.dataset.many.replace("{count}", minutes);
  };
  turn();
  setInterval(turn, TURN);
}
