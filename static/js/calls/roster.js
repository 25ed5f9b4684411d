// The others of a call, by seat: whether they are there, and the connection to each under its present epoch.

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

  // The server says how someone stands: there or gone, under which epoch we speak now, and whether by a relay alone.
  meet({ seat, present, polite, epoch, relay_only: relayOnly, hung_up: hungUp = false }) {
    const other = this.others.get(seat) ?? { seat, peer: null, epoch: 0, since: 0 };
    this.others.set(seat, other);
    Object.assign(other, { present, polite, relayOnly, hungUp });
    if (hungUp) this.part(other);
    if (present && (epoch > other.epoch || !other.peer)) this.connect(other, epoch);
    this.options.changed(other);
  }

  // A word from someone whose new page we have not heard of yet starts the new epoch as well.
  receive({ seat, epoch, relay_only: relayOnly, description, candidate }) {
    const other = this.others.get(seat);
    if (!other || epoch < other.epoch) return;
    other.relayOnly = relayOnly;
    if (epoch > other.epoch || !other.peer) this.connect(other, epoch);
    other.present = true;
    other.peer.receive({ description, candidate });
  }

  connect(other, epoch) {
    this.part(other);
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

  part(other) {
    other.peer?.close();
    other.peer = null;
  }

  close() {
    for (const other of this.list()) this.part(other);
  }

  // Whoever should be connected by now and is not, in milliseconds of waiting; 0 when all is well.
  overdue() {
    return Math.max(0, ...this.unconnected().map((other) => Date.now() - other.since - (other.polite ? 8000 : 0)));
  }

  // Somebody is there whom only a relay may connect us to, and does not.
  isShielded() {
    return this.unconnected().some((other) => other.relayOnly);
  }

  lacksRelay(patience) {
    return this.unconnected().some((other) => other.relayOnly && other.peer.lacksRelay(patience));
  }

  unconnected() {
    return this.list().filter((other) => other.present && other.peer && other.peer.state !== "connected");
  }

  // One word for all of them together.
  state() {
    const all = this.list();
    if (all.some((other) => other.peer?.state === "connected")) return "connected";
    if (all.some((other) => other.peer && other.wasConnected)) return "reconnecting";
    if (all.some((other) => other.present && Date.now() - other.since < 30_000)) return "connecting";
    if (all.some((other) => other.present)) return "unreached";
    return all.length && all.every((other) => other.hungUp) ? "gone" : "waiting";
  }
}
