// Offer of the after-talk under the livestream, shown in its closing minutes. Accepting leaves the livestream
// alone; when it ends, those who accepted are sent to the after-talk.

import { showReady } from "../shared/submit_once.js";

export default function offer(root) {
  const stage = root.closest("[data-stage]");
  const form = root.querySelector("form");
  let timer = null;
  let on = true;

  const isIn = () => root.dataset.status === "joined";
  const show = () => (root.hidden = !on);
  const goOver = () => location.assign(root.dataset.url);

  function later() {
    clearTimeout(timer);
    const left = Number(root.dataset.showsIn);
    if (left > 0 && !isIn()) timer = setTimeout(show, Math.min(left * 1000, 2 ** 31 - 1));
    else show();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer?.ok) return showReady(event.submitter);
    if (stage.dataset.state === "ended") return goOver();
    root.dataset.status = "joined";
    for (const part of root.querySelectorAll("[data-is]")) part.hidden = part.dataset.is !== "joined";
    root.querySelector('[data-is="joined"]').focus({ preventScroll: true });
  });

  stage.addEventListener("stage:changed", ({ detail }) => {
    if (detail.nazit !== undefined) on = detail.nazit;
    if (!on) root.hidden = true;
    else if (detail.state === "ended" && isIn()) goOver();
    else if (detail.state === "ended" || detail.item?.id === root.dataset.lastItem) show();
    else if (root.hidden) later();
  });
  later();
}
