// Form of a new livestream: while no length is typed, the field shows the one that the chosen kind brings.

export default function usualLength(form) {
  const length = form.elements.minutes;

  function show() {
    const chosen = form.querySelector(`[data-preset="${form.elements.preset.value}"]`);
    length.placeholder = chosen?.dataset.minutes ?? "";
  }

  form.addEventListener("change", show);
  show();
}
