// Removal of an action past its deadline: data-until is the time from which the server refuses it. [data-left] inside
// is set to the minutes that are left, in words of the page (data-one, data-many). data-now is the server's time.

const UPDATE_INTERVAL_MS = 5000;

export default function until(element) {
  const { until: deadline, now } = element.dataset;
  const end = Date.parse(deadline) + (now ? Date.now() - Date.parse(now) : 0);
  const left = element.querySelector("[data-left]");
  const timer = left && setInterval(show, UPDATE_INTERVAL_MS);

  function show() {
    const minutes = Math.max(1, Math.ceil((end - Date.now()) / 60_000));
    left.textContent = (minutes === 1 ? left.dataset.one : left.dataset.many).replace("{count}", minutes);
  }

  setTimeout(() => {
    clearInterval(timer);
    element.remove();
  }, Math.max(0, end - Date.now()));
  if (left) show();
}
