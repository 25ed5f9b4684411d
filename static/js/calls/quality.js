// Connection quality measured as differences of WebRTC statistics: frames decoded, packets lost, round-trip time; and
// whether the connection goes through a relay.

const INTERVAL_MS = 2000;
const before = new WeakMap();

// Calls `measured(peer, { frames, sound, level, network })` of every peer that `list()` gives; level is good, fair or
// poor, network is relay or direct.
export function watchQuality(list, measured) {
  const timer = setInterval(async () => {
    for (const peer of list()) {
      if (peer.state !== "connected") continue;
      const now = read(await peer.pc.getStats());
      const last = before.get(peer) ?? { lost: 0, received: 0 };
      before.set(peer, now);
      const received = now.received - last.received;
      const lost = Math.max(0, now.lost - last.lost);
      const share = received + lost > 0 ? lost / (received + lost) : 0;
      measured(peer, { frames: now.frames, sound: now.sound, level: levelOf(share, now.trip), network: now.network });
    }
  }, INTERVAL_MS);
  return () => clearInterval(timer);
}

function read(stats) {
  const now = { frames: 0, sound: 0, received: 0, lost: 0, trip: 0, network: "direct" };
  for (const report of stats.values()) {
    if (report.type === "inbound-rtp") {
      now.received += report.packetsReceived ?? 0;
      now.lost += report.packetsLost ?? 0;
      if (report.kind === "video") now.frames += report.framesDecoded ?? 0;
      else now.sound += report.packetsReceived ?? 0;
    } else if (report.type === "remote-inbound-rtp") {
      now.trip = Math.max(now.trip, report.roundTripTime ?? 0);
    } else if (report.type === "candidate-pair" && report.nominated && report.state === "succeeded") {
      const ends = [stats.get(report.localCandidateId), stats.get(report.remoteCandidateId)];
      if (ends.some((end) => end?.candidateType === "relay")) now.network = "relay";
    }
  }
  return now;
}

function levelOf(lost, trip) {
  if (lost > 0.08 || trip > 0.6) return "poor";
  return lost > 0.03 || trip > 0.3 ? "fair" : "good";
}
