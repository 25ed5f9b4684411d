// Own side of a call: the tracks that are sent, the self-view, and the buttons that switch them.

import { hold, openMedia, stop, takeHeld } from "./devices.js";
import { watchLevel } from "./audio_meter.js";
import { showProblem, watchCopy } from "./media_errors.js";

export function localMedia(root, { changed }) {
  const self = root.querySelector('[data-role="self"]');
  const buttons = {
    audio: root.querySelector('[data-toggle="audio"]'),
    video: root.querySelector('[data-toggle="video"]'),
  };
  const side = { stream: new MediaStream(), on: { audio: true, video: true }, tracks, look, close, limit };
  let held = takeHeld(); // what an earlier part of this page had open, and what of it was switched off
  if (held) side.on = held.on;
  let unwatch = () => {};
  let soundOnly = false; // what the line cannot carry, apart from what was switched off by hand
  let closed = false;

  function tracks() {
    return { audio: side.stream.getAudioTracks()[0] ?? null, video: side.stream.getVideoTracks()[0] ?? null };
  }

  // Not awaited: some people never answer their browser's permission question, and may still join.
  async function look() {
    stop(side.stream);
    const opened = held ?? (await openMedia());
    held = null;
    if (closed) return stop(opened.stream);
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
      if (track) track.enabled = shows(kind);
      buttons[kind].setAttribute("aria-pressed", String(shows(kind) && track !== null));
    }
    self.hidden = !shows("video") || tracks().video === null;
  }

  function shows(kind) {
    return side.on[kind] && !(kind === "video" && soundOnly);
  }

  function limit(only) {
    soundOnly = only;
    apply();
  }

  // With `keep` the next part of the page goes on with camera and microphone as they are.
  function close({ keep = false } = {}) {
    closed = true;
    unwatch();
    for (const track of side.stream.getTracks()) track.removeEventListener("ended", look);
    if (keep) hold({ stream: side.stream, problem: root.dataset.media === "ok" ? null : root.dataset.media, on: side.on });
    else stop(side.stream);
  }

  for (const [kind, button] of Object.entries(buttons)) {
    button.addEventListener("click", () => {
      if (tracks()[kind] === null) look();
      else {
        side.on[kind] = !side.on[kind];
        apply();
      }
    });
  }
  root.querySelector('[data-role="again"]').addEventListener("click", look);
  window.addEventListener("pagehide", () => closed || stop(side.stream));
  watchCopy(root);
  return side;
}
