// Places offered after a livestream: those that somebody takes vanish at once, and freed ones come back.

import { announce } from "../shared/live_region.js";
import { on, onReconnect, send } from "../shared/socket.js";

const MAX_WAIT_MS = 3000;

export default function places(first) {
  let section = first;
  let waiting = false;
  const follow = () => send("office_hours.follow", { livestream: section.dataset.livestream });
  on("office_hours.changed", ({ of, open }) => {
    const offer = section.querySelector(`[data-offer="${CSS.escape(of)}"]`);
    for (const place of offer?.querySelectorAll("[data-place]") ?? []) {
      if (!open.includes(place.dataset.place)) place.remove();
    }
    if (offer && !offer.querySelector("[data-place]")) offer.remove();
    refresh();
  });
  onReconnect(() => {
    follow();
    refresh();
  });
  follow();

  // A whole circle may have the page open, so each waits a little, by chance.
  function refresh() {
    if (waiting) return;
    waiting = true;
    setTimeout(async () => {
      waiting = false;
      const answer = await fetch(location.href).catch(() => null);
      if (!answer?.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      replace(page.getElementById(section.id));
    }, Math.random() * MAX_WAIT_MS);
  }

  function replace(fresh) {
    const before = section.textContent;
    const focused = document.activeElement.closest?.("[data-place]")?.dataset.place;
    if (fresh) section.replaceChildren(...fresh.childNodes);
    else section.replaceChildren();
    if (focused) section.querySelector(`[data-place="${CSS.escape(focused)}"] button`)?.focus();
    if (section.textContent !== before) announce(section.dataset.saidChanged);
  }
}
