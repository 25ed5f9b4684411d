// Your own side of a call: what you send, how you see yourself, and the buttons that switch it.

import { openMedia, stop } from "./devices.js";
import { watchLevel } from "./meter.js";
import { showProblem, watchCopy } from "./problems.js";

export function ownSide(root, { changed }) {
  const self = root.querySelector('[data-role="self"]');
  const buttons = {
    audio: root.querySelector('[data-toggle="audio"]'),
    video: root.querySelector('[data-toggle="video"]'),
  };
  const side = { stream: new MediaStream(), on: { audio: true, video: true }, tracks, look, close, restrict };
  let unwatch = () => {};

  function tracks() {
    return { audio: side.stream.getAudioTracks()[0] ?? null, video: side.stream.getVideoTracks()[0] ?? null };
  }

  // Nobody waits for this: some people never answer their browser's question, and may still join.
  async function look() {
    stop(side.stream);
    const opened = await openMedia();
    side.stream = opened.stream;
    self.srcObject = side.stream;
    root.dataset.media = opened.problem ?? "ok";
    showProblem(root, opened.problem);
    unwatch();
    unwatch = watchLevel(side.stream, root.querySelector('[data-role="meter"]'));
    for (const track of side.stream.getTracks()) track.addEventListener("ended", look);
    apply();
    changed(tracks());
  }

  function apply() {
    for (const [kind, track] of Object.entries(tracks())) {
      if (track) track.enabled = side.on[kind];
      buttons[kind].setAttribute("aria-pressed", String(side.on[kind] && track !== null));
    }
    self.hidden = !side.on.video || tracks().video === null;
  }

  function restrict(kind, on) {
    side.on[kind] = on;
    apply();
  }

  function close() {
    unwatch();
    for (const track of side.stream.getTracks()) track.removeEventListener("ended", look);
    stop(side.stream);
  }

  for (const [kind, button] of Object.entries(buttons)) {
    button.addEventListener("click", () => {
      if (tracks()[kind] === null) look();
      else restrict(kind, !side.on[kind]);
    });
  }
  root.querySelector('[data-role="again"]').addEventListener("click", look);
  window.addEventListener("pagehide", close);
  watchCopy(root);
  return side;
}
