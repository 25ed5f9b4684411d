// Copy button of a text in a field. Without this script the field can be selected by hand.

export default function copyText(part) {
  const field = part.querySelector("textarea, input");
  const button = part.querySelector("[data-copy]");
  const words = button.querySelector("span");

  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      words.textContent = button.dataset.done;
    } catch {
      field.focus();
      field.select(); // not allowed here: it is selected, and can be copied by hand
    }
  });
}
