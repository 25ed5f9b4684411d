// Elapsed time ("23 minutes in"), in words the page brought (data-one, data-many).

const UPDATE_INTERVAL_MS = 10_000;

export default function elapsed(line) {
  const since = Date.parse(line.dataset.since);
  const show = () => {
    const passed = Math.max(0, Math.floor((Date.now() - since) / 60_000));
    const words = passed === 1 ? line.dataset.one : line.dataset.many;
    line.textContent = words.replace("{count}", passed);
  };
  show();
  setInterval(show, UPDATE_INTERVAL_MS);
}
