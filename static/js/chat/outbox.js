// Chat outbox: unsent messages kept in this tab until the server has them, over reloads and lost connections.
// Not in localStorage, where they would outlive the tab and the sign-out on a shared machine.

const PREFIX = "ontmoet:chat";

export function outbox(room, reader) {
  const place = `${PREFIX}:${room}:${reader}:`;
  const draft = `${PREFIX}-draft:${room}:${reader}`;
  const held = new Map();
  for (const item of stored(place)) held.set(item.client_id, item);

  return {
    all: () => [...held.values()].sort((a, b) => a.at - b.at),
    put(item) {
      held.set(item.client_id, item);
      write(place + item.client_id, JSON.stringify(item));
    },
    drop(client) {
      held.delete(client);
      write(place + client, null);
    },
    draft: () => read(draft) ?? "",
    setDraft: (words) => write(draft, words || null),
  };
}

function stored(place) {
  const found = [];
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(place)) found.push(JSON.parse(sessionStorage.getItem(key)));
    }
  } catch {
    // A browser that keeps nothing still sends what is written now.
  }
  return found;
}

function read(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // Full or forbidden: the message is still in memory.
  }
}
