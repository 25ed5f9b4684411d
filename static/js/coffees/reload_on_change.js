// Reload of an open coffee or list of coffees when one changed, but never over a form that is being filled in or
// sent; then it shows a notice.

import { on } from "../shared/socket.js";
import { showToast } from "../shared/toast.js";

export default function changes(element) {
  const { coffee, version, changed } = element.dataset;
  let busy = false;
  let typed = false;
  document.addEventListener("submit", () => (busy = true));
  document.addEventListener("input", () => (typed = true));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) busy = false;
  });
  on("coffees.changed", (payload) => {
    if (!concerns(payload, coffee, version) || busy) return;
    if (typed || document.querySelector("dialog[open]")) {
      if (changed) showToast(changed);
      return;
    }
    location.reload();
  });
}

// A list has no coffee of its own: any change of the reader's coffees concerns it.
function concerns(payload, coffee, version) {
  if (!coffee) return true;
  return payload.coffee === coffee && String(payload.version) !== version;
}
