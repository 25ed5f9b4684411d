// Self-view and level meter while waiting; camera and microphone go on into the next part of the page.

import { localMedia } from "./local_media.js";

export default function selfView(root) {
  const own = localMedia(root, { changed: () => {} });
  root.addEventListener("part:end", () => own.close({ keep: true }));
  own.look();
}
