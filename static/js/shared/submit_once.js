// Single submission of forms: the button shows that it is busy, a second press does nothing, and coming back to the
// page (also from the browser's page cache) makes all forms ready again.
// data-busy="off" on a form leaves it alone, for answers that do not replace the page.

const busyForms = new Set();

export function watchSubmits() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.dataset.busy === "off" || form.method === "dialog") return;
    if (busyForms.has(form)) {
      event.preventDefault();
      return;
    }
    busyForms.add(form);
    // The button is marked, never disabled: a disabled button would not send its own name and value.
    if (event.submitter) showBusy(event.submitter);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) restoreAll();
  });
}

export function showBusy(button) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  const words = document.getElementById("busy-words");
  if (!words || !button.classList.contains("btn")) return;
  const label = document.createElement("span");
  label.className = "btn-label";
  label.append(...button.childNodes);
  button.append(label, words.content.cloneNode(true));
}

export function showReady(button) {
  button.removeAttribute("aria-busy");
  const label = button.querySelector(":scope > .btn-label");
  if (label) button.replaceChildren(...label.childNodes);
  if (button.form) busyForms.delete(button.form);
}

function restoreAll() {
  for (const button of document.querySelectorAll('[aria-busy="true"]')) showReady(button);
  busyForms.clear();
}
