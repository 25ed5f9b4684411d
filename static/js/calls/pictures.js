// Picture and sound of another person, in the video element of their seat.

import { sendSoundTo } from "./devices.js";

export function showPicture(root, { seat, peer }) {
  const video = root.querySelector(`video[data-seat="${seat}"]`);
  const stream = peer?.stream ?? null;
  if (video.srcObject !== stream) {
    video.srcObject = stream;
    video.dataset.frames = "0";
    if (stream) sendSoundTo(video);
  }
  if (!stream?.getTracks().length) return;
  const [picture] = stream.getVideoTracks();
  if (picture && !picture.onmute) {
    picture.onmute = picture.onunmute = () => {
      root.querySelector(`[data-sound-only="${seat}"]`).hidden = !picture.muted;
    };
  }
  video.play().catch((error) => {
    if (error.name === "NotAllowedError") root.querySelector('[data-role="unblock"]').hidden = false;
  });
}
