// Socket.IO connection of a page, opened when the first module asks for it.
//
//   const ack = await send("chat.post", {…});   always resolves: {ok: true, …} or {ok: false, status, error, …}
//   const stop = on("chat.entries", (payload) => …);
//   const stop = onReconnect(() => …);           after every connection but the first: enter rooms again, catch up
//   const stop = onConnection((up) => …);        called at once when known, then at every change: fall back to polling

const ACK_TIMEOUT_MS = 10_000;
const MIN_DELAY_MS = 1000;
const MAX_DELAY_MS = 30_000;

const handlers = new Map();
const reconnected = new Set();
const watchers = new Set();
let opening = null;
let up = null;
let connectedBefore = false;

export async function send(frame, payload = {}, { timeout = ACK_TIMEOUT_MS } = {}) {
  try {
    const socket = await connection();
    return await socket.timeout(timeout).emitWithAck(frame, payload);
  } catch {
    return { ok: false, status: 503, error: "unreachable" };
  }
}

export function on(frame, handler) {
  const stop = listenIfOpen(frame, handler);
  connection().catch(() => setConnected(false));
  return stop;
}

// As `on`, without opening a connection for it.
export function listenIfOpen(frame, handler) {
  if (!handlers.has(frame)) handlers.set(frame, new Set());
  handlers.get(frame).add(handler);
  return () => handlers.get(frame).delete(handler);
}

export function onReconnect(handler) {
  reconnected.add(handler);
  return () => reconnected.delete(handler);
}

export function onConnection(handler) {
  watchers.add(handler);
  if (up !== null) handler(up);
  return () => watchers.delete(handler);
}

export function isConnected() {
  return up === true;
}

function connection() {
  opening ??= open().catch((error) => {
    // The library did not load: the next call may fare better.
    opening = null;
    throw error;
  });
  return opening;
}

async function open() {
  const { io } = await import("socket.io-client");
  const socket = io({
    transports: ["websocket"],
    reconnectionDelay: MIN_DELAY_MS,
    reconnectionDelayMax: MAX_DELAY_MS,
    // Jitter: a whole room reconnects after a restart.
    randomizationFactor: 0.5,
  });
  socket.onAny((frame, payload) => {
    for (const handler of handlers.get(frame) ?? []) handler(payload);
  });
  socket.on("connect", () => {
    const again = connectedBefore;
    connectedBefore = true;
    setConnected(true);
    if (again) for (const handler of reconnected) handler();
  });
  socket.on("disconnect", (reason) => {
    setConnected(false);
    // The server closed it on purpose (signed out, removed, restarting); the library would stay away.
    if (reason === "io server disconnect") tryAgain(socket, 3);
  });
  socket.on("connect_error", (error) => {
    setConnected(false);
    if (!socket.active) tryAgain(socket, error.data?.retry_after ?? 5);
  });
  // An open socket keeps a page out of the browser's cache, and a page in that cache should not listen.
  window.addEventListener("pagehide", () => socket.disconnect());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) socket.connect();
  });
  return socket;
}

// Never sooner than asked, with jitter.
function tryAgain(socket, seconds) {
  setTimeout(() => socket.connect(), seconds * 1000 * (1 + Math.random() / 2));
}

function setConnected(now) {
  if (now === up) return;
  up = now;
  for (const watcher of watchers) watcher(now);
}
