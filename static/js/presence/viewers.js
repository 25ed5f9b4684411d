// Viewer count in words that the page brought: data-none, data-one, and data-many with {count}.

import { on } from "../shared/socket.js";

export default function viewers(tag) {
  on("presence.viewers", ({ livestream, watching }) => {
    if (livestream !== tag.dataset.livestream) return;
    const { none, one, many } = tag.dataset;
    tag.textContent = watching === 0 ? none : watching === 1 ? one : many.replace("{count}", watching);
    tag.hidden = tag.textContent === "";
  });
}
