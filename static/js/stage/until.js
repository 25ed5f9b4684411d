// Hides what can no longer be done: data-until is the moment from which the server refuses it.

export default function until(element) {
  setTimeout(() => element.remove(), Math.max(0, Date.parse(element.dataset.until) - Date.now()));
}
