// Error messages of camera and microphone, one per cause. All are on the page; the one that applies is shown.

import { isInApp, phoneKind } from "./devices.js";

export function showProblem(root, problem) {
  for (const block of root.querySelectorAll("[data-problem]")) {
    block.hidden = !problem || !block.dataset.problem.split(" ").includes(problem);
  }
  if (isInApp()) showWayOut(root);
}

// Browsers inside other apps often have no camera: lead to the real one, and offer the address to copy.
function showWayOut(root) {
  for (const block of root.querySelectorAll('[data-problem~="inapp"]')) block.hidden = false;
  const kind = phoneKind();
  for (const way of root.querySelectorAll("[data-open-in]")) {
    way.hidden = way.dataset.openIn !== kind;
    const { host, pathname } = location;
    way.href =
      kind === "android"
        ? `intent://${host}${pathname}#Intent;scheme=https;package=com.android.chrome;end`
        : `x-safari-https://${host}${pathname}`;
  }
}

export function watchCopy(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = button.dataset.done;
      } catch {
        // Some of those browsers refuse: then the address can be selected.
        root.querySelectorAll("[data-copy-text]").forEach((text) => (text.hidden = false));
      }
    });
  }
}
