// One chat message: the page's template filled with data. Words come from the template, never from here.

const TONES = ["", "avatar-tone-2", "avatar-tone-3", "avatar-tone-4"];
const MAX_QUOTE_LENGTH = 120;

export function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

export function findLine(list, id) {
  return list.querySelector(`li[data-id="${CSS.escape(id)}"]`);
}

// `entry` is a posted entry, or a message of one's own that is on its way (no id and seq yet).
export function makeLine(list, entry) {
  const line = document.getElementById("chat-line").content.firstElementChild.cloneNode(true);
  const { reader, host } = list.dataset;
  const own = entry.author.id === reader;
  line.classList.toggle("own", own);
  line.dataset.author = entry.author.id;
  line.dataset.name = entry.author.name;
  identify(line, entry);
  const name = slot(line, "name");
  name.textContent = own ? name.dataset.you : entry.author.name;
  slot(line, "host").hidden = entry.author.id !== host;
  const avatar = line.querySelector(".avatar");
  avatar.textContent = [...entry.author.name.trim()][0]?.toUpperCase() ?? "";
  paint(avatar, entry.author.id);
  setTime(list, line, entry.sent_at);
  quote(list, line, entry.reply_to);
  setBody(line, entry);
  return line;
}

export function identify(line, entry) {
  if (entry.client_id) line.dataset.client = entry.client_id;
  if (entry.id) line.dataset.id = entry.id;
  if (entry.seq) line.dataset.seq = entry.seq;
}

// An empty body is a deleted message.
export function setBody(line, entry) {
  const body = slot(line, "body");
  // Only the server makes body_html: escaped text in which links are links.
  if (entry.body_html) body.innerHTML = entry.body_html;
  else body.textContent = entry.body;
  const gone = entry.body === "";
  body.hidden = gone;
  slot(line, "gone").hidden = !gone;
  if (!gone) return;
  slot(line, "reply").hidden = true;
  slot(line, "edited").hidden = true;
}

export function setTime(list, line, sentAt) {
  line.dataset.sent = sentAt;
  const time = slot(line, "time");
  time.dateTime = sentAt;
  const day = "dated" in list.dataset ? { weekday: "short", day: "numeric", month: "short" } : {};
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, {
    ...day,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: list.dataset.zone || undefined,
  }).format(new Date(sentAt));
}

// "waiting", "failed" with the server's sentence, or "sent".
export function setState(line, state, words = "") {
  slot(line, "waiting").hidden = state !== "waiting";
  slot(line, "failed").hidden = state !== "failed";
  const why = slot(line, "why");
  why.textContent = words || why.dataset.words;
}

function quote(list, line, seq) {
  const quoted = seq ? list.querySelector(`li[data-seq="${Number(seq)}"]`) : null;
  const words = quoted ? slot(quoted, "body").textContent : "";
  if (!words) return;
  slot(line, "reply-name").textContent = quoted.dataset.name;
  slot(line, "reply-body").textContent = words.length > MAX_QUOTE_LENGTH ? `${words.slice(0, MAX_QUOTE_LENGTH)}…` : words;
  slot(line, "reply").hidden = false;
}

// The colour of a person is a hash of their id, the same one the server takes.
async function paint(avatar, id) {
  if (!globalThis.crypto?.subtle) return;
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id));
  const tone = TONES[new Uint8Array(hash)[0] % TONES.length];
  if (tone) avatar.classList.add(tone);
}
