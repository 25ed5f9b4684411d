// Device check: camera picture, microphone level, loudspeaker, and what the network allows.

import { announce } from "../shared/live_region.js";
import { choose, chosen, listDevices, openMedia, stop } from "./devices.js";
import { playTone, watchLevel } from "./audio_meter.js";
import { probe } from "./network_test.js";
import { showProblem, watchCopy } from "./media_errors.js";

const QUIET_AFTER_MS = 10_000; // without a voice until a hint is shown

export default function check(root) {
  const control = (name) => root.querySelector(`[data-role="${name}"]`);
  let stream = null;
  let unwatch = () => {};

  async function look() {
    unwatch();
    stop(stream);
    const opened = await openMedia();
    stream = opened.stream;
    control("self").srcObject = stream;
    showProblem(root, opened.problem);
    root.dataset.media = opened.problem ?? "ok";
    const [camera] = stream.getVideoTracks();
    const [microphone] = stream.getAudioTracks();
    setResult("camera", camera ? "ok" : "missing", camera?.label);
    setResult("microphone", microphone ? "listening" : "missing");
    const quiet = microphone && setTimeout(() => setResult("microphone", "quiet"), QUIET_AFTER_MS);
    const unhear = watchLevel(stream, control("meter"), () => {
      clearTimeout(quiet);
      setResult("microphone", "ok");
    });
    unwatch = () => {
      clearTimeout(quiet);
      unhear();
    };
    await fillPickers();
  }

  // Each line of the list carries its sentences; `label` replaces the one that says "it works".
  function setResult(name, state, label = "") {
    const line = root.querySelector(`[data-check="${name}"]`);
    const known = line.dataset.state === state;
    line.dataset.state = state;
    line.classList.toggle("ok", state === "ok");
    line.classList.toggle("warn", state === "missing" || state === "closed");
    for (const icon of line.querySelectorAll("[data-icon]")) icon.toggleAttribute("hidden", icon.dataset.icon !== iconOf(state));
    const word = line.querySelector("[data-words]");
    const words = (state === "ok" && label) || line.dataset[`word${state[0].toUpperCase()}${state.slice(1)}`];
    word.textContent = words;
    if (!known && line.dataset.said !== undefined) announce(words);
    line.dataset.said = "";
  }

  function iconOf(state) {
    return state === "ok" || state === "relay" || state === "open" || state === "local" ? "ok" : "open";
  }

  async function fillPickers() {
    const devices = await listDevices();
    for (const select of root.querySelectorAll("select[data-kind]")) {
      const found = devices[select.dataset.kind];
      const current = chosen()[select.dataset.kind];
      select.replaceChildren(...found.map((device) => new Option(device.label, device.deviceId)));
      if (current) select.value = current;
      select.closest("[data-pick]").hidden = found.length < 2;
    }
  }

  root.addEventListener("change", ({ target }) => {
    if (!target.matches("select[data-kind]")) return;
    choose(target.dataset.kind, target.value);
    if (target.dataset.kind !== "audiooutput") look();
  });
  control("again").addEventListener("click", look);
  control("tone").addEventListener("click", () => {
    setResult("sound", "played");
    playTone(chosen().audiooutput);
  });
  control("heard").addEventListener("click", () => setResult("sound", "ok"));
  navigator.mediaDevices?.addEventListener?.("devicechange", fillPickers);
  window.addEventListener("pagehide", () => stop(stream));
  watchCopy(root);
  look();
  probe(JSON.parse(root.dataset.iceServers)).then((found) => {
    root.dataset.network = found;
    setResult("network", found);
    root.querySelector('[data-check="network"]').classList.toggle("ok", found !== "closed");
  });
}
