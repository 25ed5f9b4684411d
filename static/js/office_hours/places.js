// Places offered after a livestream: those that somebody takes vanish at once, and freed ones come back.

import { announce } from "../shared/live_region.js";
import { on, onReconnect, send } from "../shared/socket.js";

const MAX_WAIT_MS = 3000;

export default function places(first) {
  let section = first;
  let waiting = false;
  on("office_hours.changed", ({ of, open }) => {
    keep(of, open);
    refresh();
  });
  onReconnect(follow);
  follow();

  // Between the making of the page and the entering of its rooms a place may be taken or freed.
  async function follow() {
    const { open } = await send("office_hours.follow", { livestream: section.dataset.livestream });
    if (!open) return;
    const shown = (selector) => [...section.querySelectorAll(selector)];
    for (const offer of shown("[data-offer]")) keep(offer.dataset.offer, open[offer.dataset.offer] ?? []);
    const known = new Set(shown("[data-place]").map((place) => place.dataset.place));
    if (Object.values(open).flat().some((id) => !known.has(id))) refresh();
  }

  function keep(of, open) {
    const offer = section.querySelector(`[data-offer="${CSS.escape(of)}"]`);
    const places = [...(offer?.querySelectorAll("[data-place]") ?? [])];
    const gone = places.filter((place) => !open.includes(place.dataset.place));
    for (const place of gone) place.remove();
    if (offer && !offer.querySelector("[data-place]")) offer.remove();
    if (gone.length) refresh();
  }

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
