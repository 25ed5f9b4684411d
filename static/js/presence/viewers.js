// Keeps the number of viewers in words that the page brought: data-one and data-many with {count}.

import { on } from "../shared/socket.js";

export default function viewers(tag) {
  on("presence.viewers", ({ livestream, watching }) => {
    if (livestream !== tag.dataset.livestream) return;
    tag.hidden = watching === 0;
    tag.textContent = watching === 1 ? tag.dataset.one : tag.dataset.many.replace("{count}", watching);
  });
}
