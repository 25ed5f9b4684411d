// Entries of a chat room, read over the socket, which also enters the room, or else over its history address.

import { send } from "../shared/socket.js";

const TIMEOUT_MS = 5000;

// `from` is {after} or {before}. Gives {entries, last_seq, more}, with {state, version} when it came over
// the page, or null when the room could not be read. Who is asked to come back does, a little later than asked.
export async function fetchEntries(list, from) {
  const ack = await send("chat.enter", { room: list.dataset.room, ...from }, { timeout: TIMEOUT_MS });
  if (ack.ok) return ack;
  if (ack.status >= 500 && ack.retry_after) {
    await new Promise((resume) => setTimeout(resume, ack.retry_after * 1000 * (1 + Math.random() / 2)));
    return fetchEntries(list, from);
  }
  if (ack.status < 500) return null;
  try {
    const address = `${list.dataset.url}?${new URLSearchParams(from)}`;
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
