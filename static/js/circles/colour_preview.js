// Settings of a circle: the chosen colour in the preview, drawn by the server with the rule that it will use.

export default function colourPreview(fieldset) {
  const preview = fieldset.querySelector("[data-preview]");
  const own = fieldset.querySelector("[type=color]");
  const radios = [...fieldset.querySelectorAll("[name=colour]")];
  const ownRadio = radios.find((radio) => radio.value === "own");

  function show() {
    const chosen = radios.find((radio) => radio.checked)?.value ?? "";
    const colour = chosen === "own" ? own.value : chosen;
    preview.src = fieldset.dataset.address + (colour ? `?colour=${encodeURIComponent(colour)}` : "");
  }

  own.addEventListener("input", () => {
    ownRadio.checked = true;
  });
  fieldset.addEventListener("change", show);
}
