// Watch progress of this reader, saved on the server every few seconds so that watching can be resumed. Private.

const SAVE_INTERVAL_MS = 10_000;

export function trackProgress(root, film, screen) {
  const { progress, csrf } = root.dataset;
  if (!progress) return;
  let saved = null;
  let watched = false;

  function save({ leaving = false } = {}) {
    const second = Math.floor(film.currentTime());
    if (!watched || second === saved) return;
    saved = second;
    const length = Math.floor(screen.querySelector("video")?.duration);
    fetch(progress, {
      method: "POST",
      keepalive: leaving,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify(length > 0 ? { second: Math.min(second, length), length } : { second }),
    })
      .then((response) => {
        if (response.ok) root.dataset.kept = String(second);
      })
      .catch(() => {
        saved = null;
      });
  }

  film.onTime(() => {
    watched ||= film.isPlaying();
  });
  setInterval(save, SAVE_INTERVAL_MS);
  window.addEventListener("pagehide", () => save({ leaving: true }));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) save({ leaving: true });
  });
}
