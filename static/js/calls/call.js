// Call of a coffee: preview, join, talk, hang up. The root's data-call-state is one of preview, joining, waiting,
// connecting, unreached, asking, connected, reconnecting, gone, replaced, refused, left; [data-in] names the states in
// which a part shows.
// With data-joins it joins by itself, and "part:end" on the root ends it while the page around it goes on.

import { announce } from "../shared/live_region.js";
import { on, onReconnect, send } from "../shared/socket.js";
import { directConnection } from "./direct.js";
import { localMedia } from "./local_media.js";
import { showPicture } from "./pictures.js";
import { watchQuality } from "./quality.js";
import { Roster } from "./roster.js";
import { audioOnlyFallback } from "./audio_only_fallback.js";

const FINAL = new Set(["replaced", "refused", "left"]);
const REBUILD_AFTER_MS = 12_000;
const MAX_DOUBLINGS = 5; // of the time until the next rebuild

export default function call(root) {
  const coffee = root.dataset.coffee;
  const remembered = `call:${coffee}`;
  let stay = null;
  let iceServers = [];
  let state = "preview";
  let rebuilds = 0;
  let evident = false;
  let troubled = false;
  const stops = []; // listeners outside the root, removed with it

  const own = localMedia(root, { changed: (tracks) => roster.peers().forEach((peer) => peer.use(tracks)) });
  const roster = new Roster({
    tracks: own.tracks,
    configuration: ({ relayOnly }) => ({ iceServers, iceTransportPolicy: relayOnly ? "relay" : "all" }),
    send: (seat, epoch, content) => send("calls.signal", { coffee, seat, epoch, ...content }),
    fresh: () => enter(),
    changed: (other) => {
      showPicture(root, other);
      settle();
    },
  });

  const way = directConnection(root, {
    coffee,
    agreed: sessionStorage.getItem(remembered) === "direct",
    changed: () => settle(),
    answered: (ack) => {
      remember();
      if (ack) take(ack);
      else if (way.uncertain) enter();
    },
  });

  async function join() {
    show("joining");
    remember();
    await enter();
  }

  function remember() {
    if (!("joins" in root.dataset)) sessionStorage.setItem(remembered, way.agreed ? "direct" : "joined");
  }

  // With a known `stay` the same page re-enters and a connected call goes on.
  async function enter() {
    const back = stay === null || way.uncertain ? {} : { stay };
    const ack = await send("calls.enter", { coffee, direct: way.agreed, ...back });
    if (FINAL.has(state)) return false;
    if (!ack.ok) {
      refuse(ack);
      return false;
    }
    iceServers = ack.ice_servers;
    way.entered(ack);
    take(ack);
    reportMedia();
    root.dispatchEvent(new CustomEvent("call:entered", { detail: ack }));
    return true;
  }

  function take(ack) {
    stay = ack.stay;
    for (const other of ack.peers) roster.meet(other);
    settle();
  }

  function refuse(ack) {
    if (ack.error === "call_replaced") finish("replaced");
    else if (ack.status === 404 || ack.error === "call_closed") finish("refused");
    else if (state === "joining") setTimeout(enter, (ack.retry_after ?? 3) * 1000);
  }

  function settle() {
    if (state === "preview" || FINAL.has(state) || stay === null) return;
    show(way.asks(roster) ? "asking" : roster.state());
    if (state !== "connected") return;
    rebuilds = 0;
    way.connected();
  }

  function show(next) {
    const before = state;
    state = root.dataset.callState = next;
    for (const part of root.querySelectorAll("[data-in]")) part.hidden = !part.dataset.in.split(" ").includes(next);
    if (before === next) return;
    const words = root.querySelector(`[data-word="${next}"]`)?.textContent ?? "";
    if (words) announce(words);
  }

  function finish(how, { keep = false } = {}) {
    show(how);
    sessionStorage.removeItem(remembered);
    roster.close();
    own.close({ keep });
    for (const stop of stops.splice(0)) stop();
  }

  // Reports once what kept the call from working, so that it counts against no one.
  function trouble(kind) {
    if (troubled) return;
    troubled = true;
    send("calls.trouble", { coffee, kind });
  }

  // Only after entering: the server records it with the stay.
  function reportMedia() {
    const { media = "ok" } = root.dataset;
    if (stay === null || media === "ok" || media.startsWith("camera-")) return;
    trouble(media === "denied" ? "denied" : "no_devices");
  }

  async function hangUp() {
    const leaving = state === "preview" ? null : send("calls.leave", { coffee }, { timeout: 1500 });
    finish("left");
    await leaving;
    location.assign(root.dataset.outcome);
  }

  const steps = audioOnlyFallback(root, (only) => {
    own.limit(only);
    roster.peers().forEach((peer) => peer.soundOnly(only));
  });

  stops.push(watchQuality(
    () => roster.peers(),
    (peer, { frames, sound, level, network }) => {
      steps.heard(level);
      root.querySelector(`video[data-seat="${peer.seat}"]`).dataset.frames = String(frames);
      root.dataset.quality = level;
      for (const word of root.querySelectorAll("[data-quality-word]")) word.hidden = word.dataset.qualityWord !== level;
      if (!evident && (frames > 0 || sound > 50)) {
        evident = true;
        send("calls.connected", { coffee, network }).then((ack) => (evident = ack.ok));
      }
    },
  ));

  // Last resort of both sides: a new epoch with new connections.
  const again = setInterval(() => {
    if (state === "preview" || FINAL.has(state)) return;
    const overdue = roster.overdue() > REBUILD_AFTER_MS * 2 ** Math.min(rebuilds, MAX_DOUBLINGS);
    way.look(roster, overdue);
    settle();
    if (!overdue) return;
    if (rebuilds > 0) trouble("no_connection");
    rebuilds += 1;
    stay = null;
    enter();
  }, 2000);
  // After a change of network, restart ICE at once instead of waiting for failure.
  const mend = () => roster.peers().filter((peer) => peer.state !== "connected").forEach((peer) => peer.restart());
  window.addEventListener("online", mend);
  stops.push(way.stop, () => clearInterval(again), () => window.removeEventListener("online", mend));

  const mine = (then) => (frame) => frame.coffee === coffee && !FINAL.has(state) && then(frame);
  stops.push(
    on("calls.signal", mine((frame) => stay !== null && roster.receive(frame))),
    on("calls.peer", mine((frame) => stay !== null && roster.meet(frame))),
    on("calls.replaced", mine(() => finish("replaced"))),
    onReconnect(async () => {
      if (state === "preview" || FINAL.has(state)) return;
      if (await enter()) mend();
    }),
  );
  root.addEventListener("part:end", () => finish("left", { keep: true }));

  for (const button of root.querySelectorAll("[data-join]")) {
    button.addEventListener("click", join);
    button.disabled = false; // before this a press would have done nothing
  }
  for (const button of root.querySelectorAll("[data-hang-up]")) button.addEventListener("click", hangUp);
  for (const button of root.querySelectorAll("[data-reload]")) button.addEventListener("click", () => location.reload());
  root.querySelector('[data-role="unblock"]').addEventListener("click", ({ currentTarget }) => {
    root.querySelectorAll("video[data-seat]").forEach((video) => video.play());
    currentTarget.hidden = true;
  });
  show("preview");
  own.look().then(reportMedia);
  // A page reloaded during a call re-enters at once.
  if ("joins" in root.dataset || sessionStorage.getItem(remembered)) join();
}
