// The check room: how you look, whether you are heard, whether you hear, and what the network lets through.

import { announce } from "../shared/live_region.js";
import { choose, chosen, listDevices, openMedia, stop } from "./devices.js";
import { playTone, watchLevel } from "./audio_meter.js";
import { probe } from "./network_test.js";
import { showProblem, watchCopy } from "./media_errors.js";

const QUIET_AFTER = 10_000; // without a voice for so long there is something to look into

export default function check(root) {
  const part = (name) => root.querySelector(`[data-role="${name}"]`);
  let stream = null;
  let unwatch = () => {};

  async function look() {
    unwatch();
    stop(stream);
    const opened = await openMedia();
    stream = opened.stream;
    part("self").srcObject = stream;
    showProblem(root, opened.problem);
    root.dataset.media = opened.problem ?? "ok";
    const [camera] = stream.getVideoTracks();
    const [microphone] = stream.getAudioTracks();
    tell("camera", camera ? "ok" : "missing", camera?.label);
    tell("microphone", microphone ? "listening" : "missing");
    const quiet = microphone && setTimeout(() => tell("microphone", "quiet"), QUIET_AFTER);
    const unhear = watchLevel(stream, part("meter"), () => {
      clearTimeout(quiet);
      tell("microphone", "ok");
    });
    unwatch = () => {
      clearTimeout(quiet);
      unhear();
    };
    await fillPickers();
  }

  // Each line of the list carries its sentences; `label` stands in for the one that says "it works".
  function tell(name, state, label = "") {
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
  part("again").addEventListener("click", look);
  part("tone").addEventListener("click", () => {
    tell("sound", "played");
    playTone(chosen().audiooutput);
  });
  part("heard").addEventListener("click", () => tell("sound", "ok"));
  navigator.mediaDevices?.addEventListener?.("devicechange", fillPickers);
  window.addEventListener("pagehide", () => stop(stream));
  watchCopy(root);
  look();
  probe(JSON.parse(root.dataset.iceServers)).then((found) => {
    root.dataset.network = found;
    tell("network", found);
    root.querySelector('[data-check="network"]').classList.toggle("ok", found !== "closed");
  });
}
