// WebRTC connection to one other person by perfect negotiation: the server says which side is polite. The impolite one
// makes the first offer, so that both use the same two transceivers, one for sound and one for picture.
//
//   new Peer({ seat, epoch, polite, configuration, tracks, send, changed })
//   `tracks` = { audio, video }, either may be null; `send(content)` passes a description or a candidate on;
//   `changed(peer)` is called at every change of connection.

const RESTART_AFTER_MS = 4000; // a disturbed connection often recovers by itself

export class Peer {
  constructor({ seat, epoch, polite, configuration, tracks, send, changed }) {
    Object.assign(this, { seat, epoch, polite, tracks, send, changed });
    this.restarts = 0;
    this.stream = new MediaStream();
    this.waiting = []; // candidates received before the remote description
    this.making = false;
    this.ignoring = false;
    this.relayed = false; // a relay candidate was found
    this.chain = Promise.resolve();
    this.pc = new RTCPeerConnection(configuration);
    this.pc.addEventListener("negotiationneeded", () => this.offer());
    this.pc.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate?.type === "relay") this.relayed = true;
      if (candidate?.candidate) this.send({ candidate: candidate.toJSON() });
    });
    this.pc.addEventListener("icegatheringstatechange", () => (this.gathering ??= Date.now()));
    this.pc.addEventListener("track", ({ track }) => {
      this.stream.addTrack(track);
      this.changed(this);
    });
    this.pc.addEventListener("connectionstatechange", () => this.follow());
    if (!polite) {
      for (const kind of ["audio", "video"]) {
        this.pc.addTransceiver(tracks[kind] ?? kind, { direction: "sendrecv", streams: [new MediaStream()] });
      }
    }
  }

  get state() {
    return this.pc.connectionState;
  }

  // Whether no relay was found `patience` milliseconds after gathering began, or at its end.
  lacksRelay(patience) {
    if (this.relayed || this.gathering === undefined) return false;
    return this.pc.iceGatheringState === "complete" || Date.now() - this.gathering > patience;
  }

  // In order: asynchronous answers of the browser must not overtake each other.
  receive(content) {
    this.chain = this.chain.then(() => this.take(content)).catch((error) => console.warn("signal", error));
    return this.chain;
  }

  async take({ description, candidate }) {
    if (this.pc.signalingState === "closed") return;
    if (candidate) {
      if (this.ignoring) return;
      if (!this.pc.remoteDescription) this.waiting.push(candidate);
      else await this.pc.addIceCandidate(candidate);
      return;
    }
    const collides = description.type === "offer" && (this.making || this.pc.signalingState !== "stable");
    this.ignoring = !this.polite && collides;
    if (this.ignoring) return;
    await this.pc.setRemoteDescription(description);
    for (const early of this.waiting.splice(0)) await this.pc.addIceCandidate(early);
    if (description.type === "offer") {
      await this.answer();
    }
  }

  async offer() {
    try {
      this.making = true;
      await this.pc.setLocalDescription();
      await this.send({ description: this.pc.localDescription.toJSON() });
    } catch (error) {
      console.warn("offer", error);
    } finally {
      this.making = false;
    }
  }

  async answer() {
    for (const transceiver of this.pc.getTransceivers()) {
      const track = this.tracks[transceiver.receiver.track.kind];
      if (this.muted && transceiver.receiver.track.kind === "video") continue;
      if (transceiver.direction !== "sendrecv") transceiver.direction = "sendrecv";
      if (track && transceiver.sender.track !== track) await transceiver.sender.replaceTrack(track);
    }
    await this.pc.setLocalDescription();
    this.send({ description: this.pc.localDescription.toJSON() });
  }

  // Replaces tracks, such as another camera, without a new negotiation.
  async use(tracks) {
    this.tracks = tracks;
    for (const transceiver of this.pc.getTransceivers()) {
      const track = tracks[transceiver.receiver.track.kind] ?? null;
      if (transceiver.sender.track !== track) await transceiver.sender.replaceTrack(track);
    }
  }

  // Audio only, both ways, for a poor connection.
  soundOnly(muted) {
    this.muted = muted;
    for (const transceiver of this.pc.getTransceivers()) {
      if (transceiver.receiver.track.kind === "video") transceiver.direction = muted ? "inactive" : "sendrecv";
    }
  }

  follow() {
    clearTimeout(this.timer);
    if (this.state === "connected") this.restarts = 0;
    if (this.state === "disconnected") this.timer = setTimeout(() => this.restart(), RESTART_AFTER_MS);
    if (this.state === "failed") this.restart();
    this.changed(this);
  }

  // `fresh` fetches ICE servers with valid credentials; an offer that may be lost is sent again.
  async restart() {
    clearTimeout(this.timer);
    if (this.state === "connected" || this.state === "closed") return;
    this.restarts += 1;
    const configuration = await this.fresh?.();
    if (this.pc.signalingState === "closed") return;
    if (configuration) this.pc.setConfiguration(configuration);
    if (this.pc.signalingState === "have-local-offer") {
      this.send({ description: this.pc.localDescription.toJSON() });
    } else if (this.pc.remoteDescription) {
      this.pc.restartIce();
    }
  }

  close() {
    clearTimeout(this.timer);
    this.pc.close();
  }
}
