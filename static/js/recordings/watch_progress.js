// Where this reader is in the film, told to the server now and then, so that it can be found again tonight.
// Nobody else ever sees it.

const EVERY = 10_000;

export function keepPlace(root, film, screen) {
  const { progress, csrf } = root.dataset;
  if (!progress) return;
  let told = null;
  let watched = false;

  function tell({ leaving = false } = {}) {
    const second = Math.floor(film.currentTime());
    if (!watched || second === told) return;
    told = second;
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
        told = null;
      });
  }

  film.onTime(() => {
    watched ||= film.isPlaying();
  });
  setInterval(tell, EVERY);
  window.addEventListener("pagehide", () => tell({ leaving: true }));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) tell({ leaving: true });
  });
}
