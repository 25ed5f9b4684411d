// Time of the next coffee, chosen without leaving the call: the panel is sent and fetched again in its place.

import { announce } from "../shared/live_region.js";
import { on } from "../shared/socket.js";

export default function next(panel) {
  const { coffee, address } = panel.dataset;

  panel.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    await show(fetch(form.action, { method: "POST", body: new FormData(form, event.submitter) }));
  });
  on("coffees.changed", (payload) => payload.follows === coffee && show(fetch(address)));

  // Any page may answer; the panel in it is the current one.
  async function show(asking) {
    const answer = await asking.catch(() => null);
    if (!answer) return;
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = read.querySelector("[data-again]");
    if (!fresh) return;
    panel.replaceChildren(document.adoptNode(fresh));
    announce(fresh.querySelector("p")?.textContent ?? "");
  }
}
