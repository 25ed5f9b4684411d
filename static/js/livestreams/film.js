// Video in the browser's own player: HLS (by hls.js where the browser has none) and MP4 or WebM.

const BEHIND_LIVE_SECONDS = 20; // from which "back to live" is offered
const RETRY_AFTER_MS = 4000;

export function playFilm(element, source, { live }) {
  const parts = element.querySelector("template[data-own]").content.cloneNode(true);
  const video = parts.querySelector("video");
  const sound = parts.querySelector("[data-sound]");
  const edge = parts.querySelector("[data-edge]");
  const trouble = parts.querySelector("[data-trouble]");
  element.append(parts);

  const listeners = new Set();
  let hls = null;
  let closed = false;
  let wanted = null;

  video.addEventListener("timeupdate", () => {
    for (const listener of listeners) listener(video.currentTime);
    if (live) edge.hidden = !isBehind(video);
  });
  video.addEventListener("playing", () => {
    trouble.hidden = true;
  });
  video.addEventListener("loadedmetadata", () => {
    if (wanted !== null) video.currentTime = wanted;
    wanted = null;
  });
  video.addEventListener("volumechange", () => {
    if (!video.muted) sound.hidden = true;
  });
  sound.addEventListener("click", () => {
    video.muted = false;
    sound.hidden = true;
    video.focus();
  });
  edge.addEventListener("click", () => {
    toEdge();
    start();
    video.focus();
  });

  function toEdge() {
    video.currentTime = hls?.liveSyncPosition ?? video.seekable.end(video.seekable.length - 1);
  }

  // A browser may refuse to start with sound: then it starts without, and says how to get it.
  async function start() {
    try {
      await video.play();
    } catch (refusal) {
      if (refusal.name !== "NotAllowedError" || closed) return;
      video.muted = true;
      sound.hidden = false;
      await video.play().catch(() => {
        sound.hidden = true;
        video.muted = false;
      });
    }
  }

  function fail() {
    if (closed) return;
    trouble.hidden = false;
    setTimeout(() => {
      if (closed) return;
      if (hls) hls.startLoad();
      else video.load();
    }, RETRY_AFTER_MS);
  }

  async function open() {
    if (source.provider === "hls" && !video.canPlayType("application/vnd.apple.mpegurl")) {
      const { default: Hls } = await import("hls.js");
      if (closed) return;
      hls = new Hls({ enableWorker: true, backBufferLength: 60 });
      hls.on(Hls.Events.ERROR, (_event, problem) => {
        if (!problem.fatal) return;
        if (problem.type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
        else fail();
      });
      hls.loadSource(source.ref);
      hls.attachMedia(video);
    } else {
      video.addEventListener("error", fail);
      video.src = source.ref;
    }
    if (live) await start();
  }
  open().catch(fail);

  return {
    element: video,
    currentTime: () => video.currentTime,
    isPlaying: () => !video.paused && !video.ended,
    play() {
      if (live && isBehind(video)) toEdge();
      return start();
    },
    pause: () => video.pause(),
    seek(seconds) {
      if (video.readyState >= HTMLMediaElement.HAVE_METADATA) video.currentTime = seconds;
      else wanted = seconds;
    },
    onTime(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closed = true;
      hls?.destroy();
      video.pause();
      video.removeAttribute("src");
    },
  };
}

function isBehind(video) {
  if (Number.isFinite(video.duration) || !video.seekable.length) return false;
  return video.seekable.end(video.seekable.length - 1) - video.currentTime > BEHIND_LIVE_SECONDS;
}
