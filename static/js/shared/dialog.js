// Native dialogs opened by links and buttons with data-dialog="id"; without scripts :target shows them.

export function watchDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (!(dialog instanceof HTMLDialogElement)) return;
      event.preventDefault();
      open(dialog);
      return;
    }
    const dialog = event.target.closest("dialog");
    if (!dialog) return;
    if (event.target.closest("[data-dialog-close]")) {
      event.preventDefault();
      dialog.close();
    } else if (event.target === dialog && isOutside(dialog, event)) {
      dialog.close();
    }
  });
}

// The browser gives the focus back to the opener when the dialog closes.
export function open(dialog) {
  if (!dialog.open) dialog.showModal();
}

// A click on the backdrop has the dialog itself as target, and lies outside its box.
function isOutside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  const within =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  return !within;
}
