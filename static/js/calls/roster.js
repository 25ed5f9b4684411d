// Other participants of a call by seat: their presence, and the connection to each under its current epoch.

import { Peer } from "./peer.js";

export class Roster {
  // `options` = { tracks(), configuration(other), send(seat, epoch, content), fresh(), changed(other) }
  constructor(options) {
    this.options = options;
    this.others = new Map();
  }

  list() {
    return [...this.others.values()];
  }

  peers() {
    return this.list().flatMap((other) => (other.peer ? [other.peer] : []));
  }

  // State of a seat from the server: present or gone, the current epoch, and whether only a relay is allowed.
  meet({ seat, present, polite, epoch, relay_only: relayOnly, hung_up: hungUp = false }) {
    const other = this.others.get(seat) ?? { seat, peer: null, epoch: 0, since: 0 };
    this.others.set(seat, other);
    Object.assign(other, { present, polite, relayOnly, hungUp });
    if (hungUp) this.disconnect(other);
    if (present && (epoch > other.epoch || !other.peer)) this.connect(other, epoch);
    this.options.changed(other);
  }

  // A signal with a newer epoch, from a page not announced yet, starts that epoch as well.
  receive({ seat, epoch, relay_only: relayOnly, description, candidate }) {
    const other = this.others.get(seat);
    if (!other || epoch < other.epoch) return;
    other.relayOnly = relayOnly;
    if (epoch > other.epoch || !other.peer) this.connect(other, epoch);
    other.present = true;
    other.peer.receive({ description, candidate });
  }

  connect(other, epoch) {
    this.disconnect(other);
    other.epoch = epoch;
    other.since = Date.now();
    other.wasConnected = false;
    other.peer = new Peer({
      seat: other.seat,
      epoch,
      polite: other.polite,
      configuration: this.options.configuration(other),
      tracks: this.options.tracks(),
      send: (content) => this.options.send(other.seat, epoch, content),
      changed: (peer) => {
        if (peer !== other.peer) return;
        if (peer.state === "connected") other.wasConnected = true;
        else if (peer.state !== "connecting") other.since = Date.now();
        this.options.changed(other);
      },
    });
    other.peer.fresh = async () => (await this.options.fresh()) && this.options.configuration(other);
  }

  disconnect(other) {
    other.peer?.close();
    other.peer = null;
  }

  close() {
    for (const other of this.list()) this.disconnect(other);
  }

  // Longest wait of a seat that should be connected, in milliseconds; 0 when all are.
  overdue() {
    return Math.max(0, ...this.unconnected().map((other) => Date.now() - other.since - (other.polite ? 8000 : 0)));
  }

  // Whether a present seat needs a relay and is not connected.
  isShielded() {
    return this.unconnected().some((other) => other.relayOnly);
  }

  lacksRelay(patience) {
    return this.unconnected().some((other) => other.relayOnly && other.peer.lacksRelay(patience));
  }

  unconnected() {
    return this.list().filter((other) => other.present && other.peer && other.peer.state !== "connected");
  }

  // Common state of all seats.
  state() {
    const all = this.list();
    if (all.some((other) => other.peer?.state === "connected")) return "connected";
    if (all.some((other) => other.peer && other.wasConnected)) return "reconnecting";
    if (all.some((other) => other.present && Date.now() - other.since < 30_000)) return "connecting";
    if (all.some((other) => other.present)) return "unreached";
    return all.length && all.every((other) => other.hungUp) ? "gone" : "waiting";
  }
}
