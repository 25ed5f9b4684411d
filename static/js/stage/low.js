// Visible height of the page: an on-screen keyboard may cover the rest without resizing the page. The class is-low on
// the body makes room for the conversation.

const LOW_HEIGHT_PX = 620;

export default function low() {
  const seen = window.visualViewport;
  if (!seen) return;
  const root = document.documentElement;

  function look() {
    const covered = seen.scale === 1 && window.innerHeight - seen.height > 1;
    if (covered) root.style.setProperty("--seen", `${Math.floor(seen.height)}px`);
    else root.style.removeProperty("--seen");
    document.body.classList.toggle("is-low", seen.scale === 1 && seen.height < LOW_HEIGHT_PX);
    // The keyboard pushed the page up: what is seen fits now.
    if (covered) window.scrollTo(0, 0);
  }

  seen.addEventListener("resize", look);
  look();
}
