// How one looks and is heard while waiting; camera and microphone go on into the next part of the page.

import { ownSide } from "./local_media.js";

export default function mirror(root) {
  const own = ownSide(root, { changed: () => {} });
  root.addEventListener("part:end", () => own.close({ keep: true }));
  own.look();
}
