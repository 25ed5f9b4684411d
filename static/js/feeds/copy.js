// Copy button of an address. Without this script the field can be selected by hand.

export default function copy(field) {
  const input = field.querySelector("input");
  const button = field.querySelector("[data-copy]");
  const words = button.querySelector("span");

  input.addEventListener("focus", () => input.select());
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(input.value);
      words.textContent = button.dataset.done;
    } catch {
      input.focus(); // not allowed here: it is selected, and can be copied by hand
    }
  });
}
