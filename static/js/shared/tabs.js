// ARIA tabs from a row of links when the panels they name are on the page; arrows, Home and End move.

export default function tabs(row) {
  const all = [...row.querySelectorAll("[data-panel]")].filter((tab) => panelOf(tab));
  if (all.length < 2) return;
  row.setAttribute("role", "tablist");
  for (const tab of all) {
    const panel = panelOf(tab);
    tab.id ||= `tab-${panel.id}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      choose(all, tab, true);
    });
  }
  row.addEventListener("keydown", (event) => move(all, event));
  choose(all, all.find((tab) => tab.hasAttribute("aria-current")) ?? all[0], false);
}

// Marks the tab of a panel as having something new, unless the reader is looking at it.
export function markUnread(panel) {
  const tab = document.querySelector(`[data-panel="${CSS.escape(panel.id)}"]`);
  const mark = tab?.querySelector(".unread");
  if (mark && panel.hidden) mark.hidden = false;
}

function panelOf(tab) {
  return document.getElementById(tab.dataset.panel);
}

function move(all, event) {
  const at = all.indexOf(event.target.closest("[role=tab]"));
  const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 };
  if (at < 0 || !(event.key in steps)) {
    if (at >= 0 && event.key === " ") {
      event.preventDefault();
      choose(all, all[at], true);
    }
    return;
  }
  event.preventDefault();
  const next = all[(steps[event.key] + all.length) % all.length];
  choose(all, next, true);
  next.focus();
}

function choose(all, chosen, byReader) {
  for (const tab of all) {
    const here = tab === chosen;
    tab.removeAttribute("aria-current");
    tab.setAttribute("aria-selected", String(here));
    tab.tabIndex = here ? 0 : -1;
    panelOf(tab).hidden = !here;
  }
  const mark = chosen.querySelector(".unread");
  if (mark) mark.hidden = true;
  if (!byReader) return;
  // Each tab keeps an address of its own, so that a reload or a shared link opens the same one.
  history.replaceState(history.state, "", chosen.href);
  panelOf(chosen).dispatchEvent(new CustomEvent("tab:shown", { bubbles: true }));
}
