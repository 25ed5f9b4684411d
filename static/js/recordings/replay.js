// Recording player controls: chapters and messages that seek, the start position, speed, and a link to this second.

import { attach } from "../livestreams/player.js";
import { showToast } from "../shared/toast.js";
import { trackProgress } from "./watch_progress.js";
import { runAlong } from "./chat_replay.js";

export default function replay(root) {
  const screen = root.querySelector('[data-module~="livestreams/player"]');
  const film = attach(screen);
  const start = Number.parseInt(new URLSearchParams(location.search).get("t"), 10) || 0;
  let there = start === 0; // whether the film has left its beginning
  root.dataset.time = String(start); // a question asked before the film has loaded belongs there

  function go(second) {
    there = true;
    film.watch(second);
    root.querySelector("[data-consent-words]")?.remove();
    if (screen.getBoundingClientRect().top < 0) screen.scrollIntoView({ block: "start" });
  }

  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-seek]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(Number(link.dataset.seek));
  });

  const chapters = [...root.querySelectorAll("[data-chapter]")];
  film.onTime((seconds) => {
    there ||= seconds > 0;
    if (!there) return;
    root.dataset.time = String(Math.floor(seconds));
    markChapter(chapters, seconds);
  });

  for (const button of root.querySelectorAll("[data-rate]")) {
    button.addEventListener("click", () => {
      const video = screen.querySelector("video");
      if (!video) return;
      video.playbackRate = Number(button.dataset.rate);
      for (const other of root.querySelectorAll("[data-rate]")) other.setAttribute("aria-pressed", String(other === button));
    });
  }

  const share = root.querySelector("[data-share]");
  share.addEventListener("click", async () => {
    const address = new URL(location.pathname, location.origin);
    address.searchParams.set("t", Math.floor(film.currentTime()));
    try {
      await navigator.clipboard.writeText(address.href);
      showToast(share.dataset.done);
    } catch {
      history.replaceState(history.state, "", address);
      showToast(share.dataset.inBar);
    }
  });

  // "Ask it now" opens the questions beside the film, where it goes on.
  root.querySelector("[data-ask]")?.addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector('[data-panel="panel-questions"]').click();
    document.getElementById("question-body").focus();
  });

  runAlong(root, film);
  trackProgress(root, film, screen);
  if (start > 0) film.seek(start);
}

function markChapter(chapters, seconds) {
  const now = chapters.findLast((chapter) => Number(chapter.dataset.chapter) <= seconds);
  for (const chapter of chapters) {
    const here = chapter === now;
    if (chapter.classList.contains("now") === here) continue;
    chapter.classList.toggle("now", here);
    chapter.querySelector(".badge").hidden = !here;
    const link = chapter.querySelector("a");
    if (here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
