// Video player: one element that plays any source, known now or brought later by a frame.
//
//   const film = attach(element);        the same one every time
//   film.currentTime()                   seconds, 0 before anything plays
//   film.seek(seconds)                   also before it is loaded: it then starts there
//   film.play()  film.pause()  film.isPlaying()
//   film.watch(seconds)                  the reader asked for it: also loads what waits for their consent
//   const stop = film.onTime((seconds) => …)
//   film.load({provider, ref, embed?, origin?})  film.unload()
//
// The element carries data-provider, data-ref, data-embed, data-origin when the source is known, and
// data-allowed, the origin this page may load from: another one needs a new page. With data-livestream
// it follows the state of that livestream by itself; anyone may dispatch a "source" event with one.

import { grant, isGranted, keep } from "./consent.js";
import { embed } from "./embeds.js";
import { playFilm } from "./film.js";
import { on } from "../shared/socket.js";

const RELOAD_SPREAD_MS = 4000; // over which the pages of a room reload
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
    const desk = element.closest("[data-desk]"); // sees its picture before the viewers
    if (["ended", "replay", "missed", "cancelled"].includes(frame.state) || (frame.state === "lobby" && !desk)) film.unload();
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
  const notify = (seconds) => listeners.forEach((listener) => listener(seconds));
  let inner = null;
  let loaded = null;
  let startAt = null;
  let accept = null; // loads what waits for consent

  const film = {
    currentTime: () => inner?.currentTime() ?? startAt ?? 0,
    isPlaying: () => inner?.isPlaying() ?? false,
    play: () => inner?.play(),
    pause: () => inner?.pause(),
    seek(seconds) {
      startAt = seconds;
      if (inner) inner.seek(seconds);
      else notify(seconds);
    },
    watch(seconds) {
      film.seek(seconds);
      if (accept) accept();
      else film.play();
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
        setTimeout(() => location.reload(), Math.random() * RELOAD_SPREAD_MS);
        return;
      }
      film.unload();
      loaded = name;
      const ready = (playing, { started = false } = {}) => {
        inner = playing;
        inner.onTime(notify);
        if (startAt !== null && !started) inner.seek(startAt);
      };
      const show = (start) => {
        accept = null;
        if (source.embed) ready(showFrame(element, source, { at: startAt, start }), { started: true });
        else ready(playFilm(element, source, { live: Boolean(element.dataset.live) }));
        if (start && !source.embed && home) film.play();
      };
      // Asking another host for a bare film shows it the reader's address, as a player does.
      if (!home || isGranted(home)) show(startsByItself(element));
      else accept = showPoster(element, source, () => show(true));
    },
    unload() {
      inner?.close();
      inner = null;
      loaded = null;
      accept = null;
      for (const part of element.querySelectorAll(":scope > [data-part]")) part.remove();
    },
  };
  const { provider, ref, embed: address, origin } = element.dataset;
  grant((element.dataset.granted ?? "").split(" "));
  if (provider) film.load({ provider, ref, embed: address, origin });
  return film;
}

// A running film starts for viewers; the desk starts it itself.
function startsByItself(element) {
  const page = element.closest("[data-state]");
  return Boolean(element.dataset.live) && page?.dataset.state !== "paused" && !page?.hasAttribute("data-desk");
}

const SITES = { youtube: "YouTube", vimeo: "Vimeo" };

function named(source, words) {
  return words.replace("{site}", SITES[source.provider] ?? new URL(source.origin).host);
}

// Loads nothing of a third party before consent. Returns the function that gives consent.
function showPoster(element, source, accepted) {
  const poster = element.querySelector("template[data-third]").content.cloneNode(true).querySelector("form");
  poster.elements.origin.value = source.origin;
  for (const part of poster.querySelectorAll("[data-site]")) part.textContent = named(source, part.textContent);
  const accept = () => {
    keep(poster);
    poster.remove();
    accepted();
  };
  poster.addEventListener("submit", (event) => {
    event.preventDefault();
    accept();
    element.querySelector("iframe, video")?.focus();
  });
  element.append(poster);
  return accept;
}

// Browsers let a film start by itself with sound only after the reader touched the page: else without, and
// a button turns it on.
function showFrame(element, source, { at, start }) {
  const title = named(source, element.querySelector("template[data-third]").dataset.frame);
  const muted = start && navigator.userActivation?.hasBeenActive === false;
  const film = embed(source, title, { at, start, muted });
  film.element.dataset.part = "";
  element.append(film.element);
  if (muted) {
    const tags = element.querySelector("template[data-muted]").content.cloneNode(true).firstElementChild;
    tags.querySelector("button").addEventListener("click", () => {
      film.unmute();
      tags.remove();
    });
    element.append(tags);
  }
  return film;
}
