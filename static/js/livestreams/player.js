// The picture: one element that plays whatever source it gets, now or when a frame brings it.
//
//   const film = attach(element);        the same one every time
//   film.currentTime()                   seconds, 0 before anything plays
//   film.seek(seconds)                   also before it is loaded: it then starts there
//   film.play()  film.pause()  film.isPlaying()
//   const stop = film.onTime((seconds) => …)
//   film.load({provider, ref, embed?, origin?})  film.unload()
//
// The element carries data-provider, data-ref, data-embed, data-origin when the source is known, and
// data-allowed, the origin this page may load from: another one needs a new page. With data-livestream
// it follows the state of that livestream by itself; anyone may dispatch a "source" event with one.

import { embed } from "./embeds.js";
import { playFilm } from "./film.js";
import { on } from "../shared/socket.js";

const SPREAD = 4000; // a whole room that must load its page again does so over this many milliseconds
const attached = new WeakMap();

export default function player(element) {
  const film = attach(element);
  element.addEventListener("source", (event) => film.load(event.detail));
  if (!element.dataset.livestream) return;
  const follow = (frame) => {
    if (frame.livestream !== element.dataset.livestream) return;
    if (frame.source && frame.state === "live") film.load(frame.source);
    if (frame.state === "live") film.play();
    if (frame.state === "paused") film.pause();
    if (["ended", "replay", "cancelled"].includes(frame.state)) film.unload();
  };
  on("livestreams.state", follow);
  // What the page heard when it entered the room, which may be later than what it was rendered with.
  element.closest("[data-state]")?.addEventListener("livestream:state", (event) => follow(event.detail));
}

export function attach(element) {
  if (!attached.has(element)) attached.set(element, create(element));
  return attached.get(element);
}

function create(element) {
  const listeners = new Set();
  const tell = (seconds) => listeners.forEach((listener) => listener(seconds));
  let inner = null;
  let loaded = null;
  let startAt = null;

  const film = {
    currentTime: () => inner?.currentTime() ?? startAt ?? 0,
    isPlaying: () => inner?.isPlaying() ?? false,
    play: () => inner?.play(),
    pause: () => inner?.pause(),
    seek(seconds) {
      startAt = seconds;
      if (inner) inner.seek(seconds);
      else tell(seconds);
    },
    onTime(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    load(source) {
      const name = `${source.provider} ${source.ref}`;
      if (name === loaded) return;
      const home = source.origin === location.origin ? "" : (source.origin ?? "");
      if (home && home !== element.dataset.allowed) {
        setTimeout(() => location.reload(), Math.random() * SPREAD);
        return;
      }
      film.unload();
      loaded = name;
      const ready = (playing) => {
        inner = playing;
        inner.onTime(tell);
        if (startAt !== null) inner.seek(startAt);
      };
      if (source.embed) showPoster(element, source, ready);
      else ready(playFilm(element, source, { live: Boolean(element.dataset.live) }));
    },
    unload() {
      inner?.close();
      inner = null;
      loaded = null;
      for (const part of element.querySelectorAll(":scope > [data-part]")) part.remove();
    },
  };
  const { provider, ref, embed: address, origin } = element.dataset;
  if (provider) film.load({ provider, ref, embed: address, origin });
  return film;
}

// Nothing of a third party is asked for before the reader says so.
function showPoster(element, source, ready) {
  const poster = element.querySelector("template[data-third]").content.cloneNode(true);
  const words = element.querySelector(`template[data-words="${CSS.escape(source.provider)}"]`);
  const button = poster.querySelector("[data-load]");
  poster.querySelector("[data-name]").textContent = words.dataset.name;
  button.textContent = words.innerHTML.trim();
  button.addEventListener("click", () => {
    const frame = embed(source, words.dataset.frame);
    frame.element.dataset.part = "";
    element.querySelector("[data-poster]")?.replaceWith(frame.element);
    ready(frame);
    frame.element.focus();
  });
  element.append(poster);
}
