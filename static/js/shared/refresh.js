// Refetch of the page after a gap in the connection, replacing the parts that may have changed meanwhile.

const MAX_WAIT_MS = 4000;

// Replaces the parts with these ids by what the page would show now. After a restart a whole room asks, so
// each waits a little, by chance.
export function refresher(ids, tab) {
  let waiting = false;

  return function refresh() {
    if (waiting) return;
    waiting = true;
    setTimeout(async () => {
      waiting = false;
      const fresh = await read(tab);
      if (!fresh) return;
      for (const id of ids) {
        const [here, there] = [document.getElementById(id), fresh.getElementById(id)];
        if (!here || !there || here.contains(document.activeElement)) continue;
        here.replaceChildren(...there.childNodes);
        here.hidden = there.hidden;
      }
    }, Math.random() * MAX_WAIT_MS);
  };
}

async function read(tab) {
  const address = new URL(location.href);
  if (tab) address.searchParams.set("tab", tab);
  try {
    const answer = await fetch(address);
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}
