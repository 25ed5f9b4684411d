// Height of the fixed bar at the bottom of a phone, as the custom property --bottom-bar-height: the page leaves that
// much room below its content and below what scrolls into view. Without this script the style sheet has an estimate.

export function watchBottomBar() {
  const bar = document.querySelector(".bottom-nav, .action-bar");
  if (!bar) return;
  const measure = () => document.documentElement.style.setProperty("--bottom-bar-height", `${bar.offsetHeight}px`);
  new ResizeObserver(measure).observe(bar);
  measure();
}
