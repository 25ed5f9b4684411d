// Network test by gathering ICE candidates: "relay" (a call works even from a strict office), "open" (works on most
// networks), "local" (no server outside could be asked) or "closed" (asked, no answer).

const TIMEOUT_MS = 6000;

export async function probe(iceServers) {
  if (!window.RTCPeerConnection) return "closed";
  const pc = new RTCPeerConnection({ iceServers });
  const kinds = new Set();
  pc.createDataChannel("probe");
  const done = new Promise((resolve) => {
    setTimeout(resolve, TIMEOUT_MS);
    pc.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate?.type) kinds.add(candidate.type);
      if (!candidate || kinds.has("relay")) resolve();
    });
  });
  await pc.setLocalDescription();
  await done;
  pc.close();
  if (kinds.has("relay")) return "relay";
  if (kinds.has("srflx")) return "open";
  return iceServers.length ? "closed" : "local";
}
