// Embedded third-party players with one interface: time, seek, play. Each has its own postMessage protocol; only the
// frame made here is listened to, from its own origin.

const POLL_INTERVAL_MS = 500;
// The least with which a player plays. A stranger's PeerTube may open nothing and lead nowhere; YouTube and
// Vimeo may open their own page in a new window, for videos that play only there.
const SANDBOX = "allow-scripts allow-same-origin allow-presentation";
const MAY_OPEN = { youtube: true, vimeo: true };

// `at` is the second to begin at, `start` plays at once, `muted` does so without sound.
export function embed(source, title, { at = null, start = false, muted = false } = {}) {
  const address = new URL(source.embed);
  const { options } = PROTOCOLS[source.provider];
  if (start) address.searchParams.set("autoplay", "1");
  if (muted) address.searchParams.set(options.muted, "1");
  if (at > 0) options.begin(address, Math.floor(at));
  // YouTube answers only the page that its address names.
  if (source.provider === "youtube") address.searchParams.set("origin", location.origin);
  const frame = document.createElement("iframe");
  frame.title = title;
  frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  // YouTube refuses to play for a page that hides where it is.
  frame.referrerPolicy = source.provider === "youtube" ? "strict-origin-when-cross-origin" : "no-referrer";
  frame.sandbox = MAY_OPEN[source.provider]
    ? `${SANDBOX} allow-popups allow-popups-to-escape-sandbox`
    : SANDBOX;
  frame.src = address.href;

  const listeners = new Set();
  const state = { time: at ?? 0, playing: false, wanted: null, ready: false };
  const post = (message) =>
    frame.contentWindow?.postMessage(typeof message === "string" ? message : JSON.stringify(message), address.origin);
  const protocol = PROTOCOLS[source.provider].connect(post, {
    ready() {
      if (state.ready) return;
      state.ready = true;
      if (state.wanted !== null) protocol.seek(state.wanted);
      state.wanted = null;
    },
    time(seconds) {
      state.time = seconds;
      for (const listener of listeners) listener(seconds);
    },
    playing(now) {
      state.playing = now;
    },
  });

  function receive(event) {
    if (event.source !== frame.contentWindow || event.origin !== address.origin) return;
    const message = read(event.data);
    if (message) protocol.receive(message);
  }
  window.addEventListener("message", receive);
  frame.addEventListener("load", () => protocol.greet?.());
  const asking = setInterval(() => protocol.ask?.(state.ready), POLL_INTERVAL_MS);

  return {
    element: frame,
    currentTime: () => state.time,
    isPlaying: () => state.playing,
    play: () => protocol.play(),
    pause: () => protocol.pause(),
    unmute: () => protocol.unmute(),
    seek(seconds) {
      state.time = seconds;
      if (state.ready) protocol.seek(seconds);
      else state.wanted = seconds;
    },
    onTime(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      clearInterval(asking);
      window.removeEventListener("message", receive);
    },
  };
}

const PROTOCOLS = {
  youtube: { options: { muted: "mute", begin: (address, at) => address.searchParams.set("start", at) }, connect: youtube },
  vimeo: { options: { muted: "muted", begin: (address, at) => (address.hash = `t=${at}s`) }, connect: vimeo },
  peertube: {
    options: { muted: "muted", begin: (address, at) => address.searchParams.set("start", `${at}s`) },
    connect: peertube,
  },
};

function youtube(post, told) {
  const command = (func, args = []) => post({ event: "command", func, args, id: 1, channel: "widget" });
  return {
    ask: (ready) => ready || post({ event: "listening", id: 1, channel: "widget" }),
    play: () => command("playVideo"),
    pause: () => command("pauseVideo"),
    unmute: () => command("unMute"),
    seek: (seconds) => command("seekTo", [seconds, true]),
    receive({ event, info }) {
      if (event === "onReady" || event === "initialDelivery" || event === "infoDelivery") told.ready();
      if (typeof info?.currentTime === "number") told.time(info.currentTime);
      if (typeof info?.playerState === "number") told.playing(info.playerState === 1);
    },
  };
}

function vimeo(post, told) {
  const call = (method, value) => post(value === undefined ? { method } : { method, value });
  return {
    greet: () => call("ping"),
    play: () => call("play"),
    pause: () => call("pause"),
    unmute: () => call("setMuted", false),
    seek: (seconds) => call("setCurrentTime", seconds),
    receive({ event, method, data }) {
      if (event === "ready" || method === "ping") {
        for (const name of ["timeupdate", "play", "pause", "ended"]) call("addEventListener", name);
        told.ready();
      }
      if (event === "timeupdate" && typeof data?.seconds === "number") told.time(data.seconds);
      if (event === "play") told.playing(true);
      if (event === "pause" || event === "ended") told.playing(false);
    },
  };
}

// A channel of JSON calls under the scope "peertube", opened by a ping that is answered by a pong.
function peertube(post, told) {
  let calls = 0;
  const send = (method, params, id) => post({ id, method: `peertube::${method}`, params });
  const call = (method, params) => send(method, params, ++calls);
  return {
    greet: () => send("__ready", "ping"),
    play: () => call("play"),
    pause: () => call("pause"),
    unmute: () => call("setVolume", 1),
    seek: (seconds) => call("seek", seconds),
    receive({ method, params }) {
      if (method === "peertube::__ready" && params === "ping") send("__ready", "pong");
      if (method === "peertube::ready") told.ready();
      if (method !== "peertube::playbackStatusUpdate" || typeof params?.position !== "number") return;
      told.ready();
      told.time(params.position);
      told.playing(params.playbackState === "playing");
    },
  };
}

function read(data) {
  if (typeof data !== "string") return data && typeof data === "object" ? data : null;
  try {
    const message = JSON.parse(data);
    return message && typeof message === "object" ? message : null;
  } catch {
    return null;
  }
}
