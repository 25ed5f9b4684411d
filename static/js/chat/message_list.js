// Chat log of a page. An entry is shown when its number is the next one; otherwise the missing entries are fetched
// first, over the socket or, when that is blocked, from the room's history address.

import { announce } from "../shared/live_region.js";
import { isConnected, on, onConnection, onReconnect } from "../shared/socket.js";
import { markUnread } from "../shared/tabs.js";
import { fetchEntries } from "./history.js";
import { findLine, identify, makeLine, slot, setBody, setState, setTime } from "./message.js";
import { scrolling } from "./scrolling.js";

const SENT_TIMEOUT_MS = 1500;
const GAP_TIMEOUT_MS = 400;

export default function log(list) {
  const { room, reader } = list.dataset;
  const box = list.parentElement;
  const stage = list.closest("#stage") ?? document.getElementById("stage");
  const scroll = scrolling(list, box);
  let last = Number(list.dataset.seq);
  let first = Number(list.dataset.first);
  const early = new Map();
  let expected = 0;
  let missing = null;
  let reading = null;
  let again = false;

  function apply(entries) {
    for (const entry of entries) if (entry.seq > last) early.set(entry.seq, entry);
    for (let entry; (entry = early.get(last + 1)); ) {
      last = entry.seq;
      list.dataset.seq = last;
      show(entry);
    }
    for (const seq of early.keys()) if (seq <= last) early.delete(seq);
    if (early.size) expect(Math.max(...early.keys()));
  }

  // Frames of several processes overtake each other, and a beat overtakes them all. Only what stays away is
  // fetched, and not by everyone at the same moment.
  function expect(seq) {
    if (seq <= last) return;
    expected = Math.max(expected, seq);
    missing ??= setTimeout(() => {
      missing = null;
      if (expected > last) catchUp();
    }, GAP_TIMEOUT_MS * (1 + Math.random()));
  }

  function show(entry) {
    if (entry.kind === "posted") {
      scroll.keep(() => post(entry), { own: entry.author.id === reader });
    } else if (entry.kind === "pinned") {
      pin(entry);
    } else {
      const line = findLine(list, entry.id);
      if (line) scroll.keep(() => change(line, entry), { fresh: false });
      const pinned = slot(box, "pinned");
      if (pinned.dataset.id !== entry.id) return;
      if (entry.kind === "deleted") pinned.hidden = true;
      else slot(pinned, "pinned-body").textContent = entry.body;
    }
  }

  function post(entry) {
    const waiting = entry.author.id === reader && findWaiting(entry.client_id);
    if (waiting) {
      identify(waiting, entry);
      setTime(list, waiting, entry.sent_at);
      setBody(waiting, entry);
      setState(waiting, "sent");
      waiting.removeAttribute("data-waiting");
      insert(waiting);
    } else {
      insert(makeLine(list, entry));
      if (entry.author.id !== reader) announceEntry(entry);
    }
    changed();
  }

  // Pending messages stay below sent ones.
  function insert(line) {
    list.insertBefore(line, list.querySelector("[data-waiting]"));
    list.dispatchEvent(new CustomEvent("chat:line", { detail: { line } }));
  }

  function change(line, entry) {
    setBody(line, entry);
    slot(line, "edited").hidden = entry.kind !== "edited";
    list.dispatchEvent(new CustomEvent("chat:line", { detail: { line } }));
  }

  function pin(entry) {
    const pinned = slot(box, "pinned");
    pinned.hidden = entry.body === "";
    pinned.dataset.id = entry.id;
    pinned.dataset.seq = findLine(list, entry.id)?.dataset.seq ?? "";
    slot(pinned, "pinned-name").textContent = entry.author.name;
    const body = slot(pinned, "pinned-body");
    if (entry.body_html) body.innerHTML = entry.body_html;
    else body.textContent = entry.body;
  }

  function announceEntry(entry) {
    const panel = list.closest("[role=tabpanel]");
    if (panel?.hidden) markUnread(panel);
    else if (entry.body) announce(`${entry.author.name}: ${entry.body}`, { group: "chat", many: list.dataset.many });
  }

  function findWaiting(client) {
    return client && list.querySelector(`li[data-waiting][data-client="${CSS.escape(client)}"]`);
  }

  function changed() {
    slot(box, "empty").hidden = list.childElementCount > 0;
  }

  // One fetch at a time; requests meanwhile cause one more at the end.
  async function catchUp() {
    if (reading) {
      again = true;
      return reading;
    }
    reading = readOn();
    await reading;
    reading = null;
    if (again) {
      again = false;
      await catchUp();
    }
  }

  async function readOn() {
    for (let more = true; more; ) {
      const from = last;
      const found = await fetchEntries(list, { after: last });
      if (!found) return;
      apply(found.entries);
      if (found.version !== undefined) {
        const detail = { livestream: list.dataset.livestream, state: found.state, version: found.version };
        stage?.dispatchEvent(new CustomEvent("livestream:state", { detail }));
      }
      more = found.more && last > from;
    }
  }

  async function readBack() {
    const older = slot(box, "older");
    if (older.hidden || older.disabled) return;
    older.disabled = true;
    const found = await fetchEntries(list, { before: first });
    older.disabled = false;
    if (!found) return;
    const edited = new Set(found.entries.filter((entry) => entry.kind === "edited").map((entry) => entry.id));
    const lines = found.entries.filter((entry) => entry.kind === "posted" && !findLine(list, entry.id));
    scroll.above(() => {
      for (const entry of lines.reverse()) {
        const line = makeLine(list, entry);
        if (entry.body) slot(line, "edited").hidden = !edited.has(entry.id);
        list.prepend(line);
        list.dispatchEvent(new CustomEvent("chat:line", { detail: { line } }));
      }
    });
    first = found.entries[0]?.seq ?? 1;
    older.hidden = !found.more;
  }

  list.addEventListener("chat:waiting", ({ detail }) => {
    if (findWaiting(detail.client_id)) return;
    const line = makeLine(list, { ...detail, author: { id: reader, name: list.dataset.name } });
    line.dataset.waiting = "";
    setState(line, "waiting");
    scroll.keep(() => list.append(line), { own: true });
    changed();
  });
  list.addEventListener("chat:state", ({ detail }) => {
    const line = findWaiting(detail.client_id);
    if (line) setState(line, detail.state, detail.words);
    if (detail.seq) setTimeout(() => detail.seq > last && catchUp(), isConnected() ? SENT_TIMEOUT_MS : 0);
  });
  list.addEventListener("chat:discard", ({ detail }) => {
    findWaiting(detail.client_id)?.remove();
    changed();
  });
  slot(box, "older").addEventListener("click", readBack);
  scroll.onTop(readBack);

  on("chat.entries", (frame) => frame.room === room && apply(frame.entries));
  onReconnect(catchUp);
  onConnection((up) => {
    slot(box, "offline").hidden = up;
  });
  stage?.addEventListener("room:beat", ({ detail }) => expect(detail.last_seq));
  stage?.addEventListener("room:stale", catchUp);
  list.dataset.ready = "";
  list.dispatchEvent(new CustomEvent("chat:ready"));
  // Entering the room returns the entries since the page was made, so none is lost in between.
  catchUp();
}
