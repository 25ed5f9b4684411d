// The chat as it was: a line shows when the film reaches its moment. Until the film runs, and with the switch
// off, all of it stands there to be read.

const NEAR = 80; // pixels from the end within which the list follows along

export function runAlong(root, film) {
  const lines = [...root.querySelectorAll("[data-at]")];
  const toggle = root.querySelector("[data-along]");
  if (!lines.length || !toggle) return;
  const body = lines[0].closest(".panel-body");
  let shown = lines.length;
  let along = true;

  function showUntil(seconds) {
    const until = along ? lines.filter((line) => Number(line.dataset.at) <= seconds).length : lines.length;
    if (until === shown) return;
    const follows = body.scrollHeight - body.scrollTop - body.clientHeight < NEAR || until < shown;
    lines.forEach((line, at) => line.classList.toggle("ahead", at >= until));
    shown = until;
    if (follows && along) body.scrollTop = body.scrollHeight;
  }

  film.onTime(showUntil);
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    along = toggle.getAttribute("aria-pressed") !== "true";
    toggle.setAttribute("aria-pressed", String(along));
    showUntil(film.currentTime());
  });
}
