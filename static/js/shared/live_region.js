// Live region for screen readers: announcements within a second are joined and spoken politely.

const JOIN_WINDOW_MS = 1000;
const LINE_LIFETIME_MS = 60_000;

let waiting = [];
let timer = null;

// `group` and `many` keep a busy room quiet: more than three of a group in one breath are said as the
// sentence `many` with {count} filled in. Both come from the page, in the reader's language.
export function announce(words, { group = null, many = null } = {}) {
  const text = words.trim();
  if (!text) return;
  waiting.push({ text, group, many });
  timer ??= setTimeout(speak, JOIN_WINDOW_MS);
}

function speak() {
  timer = null;
  const region = currentRegion();
  const said = gather(waiting);
  waiting = [];
  if (!region) return;
  const line = document.createElement("p");
  line.textContent = said.join(" ");
  region.append(line);
  setTimeout(() => line.remove(), LINE_LIFETIME_MS);
}

// While a modal dialog is open everything outside it is inert, also the region of the page.
function currentRegion() {
  const dialog = [...document.querySelectorAll("dialog:modal")].at(-1);
  return dialog?.querySelector(":scope > [data-live-region]") ?? document.getElementById("live-region");
}

function gather(entries) {
  const counts = new Map();
  for (const { group } of entries) if (group) counts.set(group, (counts.get(group) ?? 0) + 1);
  const told = new Set();
  const said = [];
  for (const { text, group, many } of entries) {
    if (!group || !many || counts.get(group) <= 3) said.push(text);
    else if (!told.has(group)) {
      told.add(group);
      said.push(many.replace("{count}", counts.get(group)));
    }
  }
  return said;
}
