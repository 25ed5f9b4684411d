// Camera and microphone selection: devices chosen before, what is left when one is missing, and the cause if none is.

const STORAGE_KEY = "ontmoet:devices";

export function chosen() {
  try {
    return JSON.parse(localStorage.getItem(STORAGE_KEY)) ?? {};
  } catch {
    return {};
  }
}

export function choose(kind, id) {
  const all = { ...chosen(), [kind]: id };
  if (!id) delete all[kind];
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(all));
  } catch {
    // Private windows may forbid it: the choice then lasts as long as the page.
  }
}

let held = null;

// Kept open for the next part of the page: some browsers ask each time a camera is opened.
export function hold(opened) {
  held = opened;
}

// What was held, if it still works.
export function takeHeld() {
  const found = held;
  held = null;
  const works = found?.stream.getTracks().length > 0 && found.stream.getTracks().every((track) => track.readyState === "live");
  return works ? found : null;
}

// Always resolves: { stream, problem }, with whatever could be had. `problem` is null or a cause:
// insecure, inapp, denied, busy, missing, other; with sound alone "camera-" goes before it.
export async function openMedia({ video = true } = {}) {
  if (!navigator.mediaDevices?.getUserMedia) {
    return { stream: new MediaStream(), problem: isInApp() ? "inapp" : window.isSecureContext ? "other" : "insecure" };
  }
  let first = null;
  for (const wanted of video ? ["both", "both-any", "audio", "video"] : ["audio", "audio-any"]) {
    try {
      const stream = await navigator.mediaDevices.getUserMedia(constraints(wanted));
      return { stream, problem: first && wanted === "audio" ? `camera-${first}` : wanted === "video" ? first : null };
    } catch (error) {
      const cause = causeOf(error);
      // A device that was unplugged since: forget it and take any.
      if (cause === "constraint") forget();
      else if (!first || first === "missing") first = cause;
    }
  }
  return { stream: new MediaStream(), problem: isInApp() ? "inapp" : first ?? "other" };
}

export async function listDevices() {
  const found = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  const named = found.filter((device) => device.deviceId && device.label);
  return {
    audioinput: named.filter((device) => device.kind === "audioinput"),
    videoinput: named.filter((device) => device.kind === "videoinput"),
    audiooutput: named.filter((device) => device.kind === "audiooutput"),
  };
}

export function stop(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

export async function sendSoundTo(element) {
  const id = chosen().audiooutput;
  if (!id || !element.setSinkId) return;
  await element.setSinkId(id).catch(() => choose("audiooutput", null));
}

export function isInApp() {
  return /FBAN|FBAV|FB_IAB|Instagram|LinkedInApp/i.test(navigator.userAgent);
}

export function phoneKind() {
  if (/Android/i.test(navigator.userAgent)) return "android";
  return /iPhone|iPad|iPod/i.test(navigator.userAgent) ? "ios" : "other";
}

function constraints(wanted) {
  const ids = wanted.endsWith("-any") ? {} : chosen();
  const audio = { echoCancellation: true, noiseSuppression: true, ...exactly(ids.audioinput) };
  const video = { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: "user", ...exactly(ids.videoinput) };
  return {
    audio: wanted === "video" ? false : audio,
    video: wanted.startsWith("audio") ? false : video,
  };
}

function exactly(id) {
  return id ? { deviceId: { exact: id } } : {};
}

function forget() {
  choose("audioinput", null);
  choose("videoinput", null);
}

function causeOf(error) {
  return (
    {
      NotAllowedError: "denied",
      SecurityError: "denied",
      NotReadableError: "busy",
      AbortError: "busy",
      NotFoundError: "missing",
      OverconstrainedError: "constraint",
    }[error.name] ?? "other"
  );
}
