// Polls carry no numbers to count by: a page that was deaf for a while takes them anew from the server.

const LONGEST_WAIT = 4000;

// Replaces the parts with these ids by what the page would show now. After a restart a whole room asks, so
// each waits a little, by chance.
export function refresher(ids) {
  let waiting = false;

  return function refresh() {
    if (waiting) return;
    waiting = true;
    setTimeout(async () => {
      waiting = false;
      const fresh = await read();
      if (!fresh) return;
      for (const id of ids) {
        const [here, there] = [document.getElementById(id), fresh.getElementById(id)];
        if (!here || !there || here.contains(document.activeElement)) continue;
        here.replaceChildren(...there.childNodes);
        here.hidden = there.hidden;
      }
    }, Math.random() * LONGEST_WAIT);
  };
}

async function read() {
  const address = new URL(location.href);
  address.searchParams.set("tab", "polls");
  try {
    const answer = await fetch(address);
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}
