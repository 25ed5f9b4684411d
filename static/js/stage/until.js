// Removal of an action past its deadline: data-until is the time from which the server refuses it.

export default function until(element) {
  setTimeout(() => element.remove(), Math.max(0, Date.parse(element.dataset.until) - Date.now()));
}
