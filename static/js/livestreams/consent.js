// Consent to load the player of another site. Pages name the origins this reader has allowed; a consent form is sent
// without leaving the page, and every player of the page is notified.

const granted = new Set();

export function grant(origins) {
  for (const origin of origins) if (origin) granted.add(origin);
}

export function isGranted(origin) {
  return granted.has(origin);
}

// The player need not wait for the answer: should it be lost, the reader is asked again at the next visit.
export function keep(form) {
  grant([form.elements.origin.value]);
  fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual", keepalive: true }).catch(() => {});
}

export default function consent(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep(form);
    const words = form.nextElementSibling;
    form.hidden = true;
    words.hidden = false;
    words.focus({ preventScroll: true });
  });
}
