// A known topic, typed or picked from the suggestions, becomes a ticked chip. Other words stay text.

export default function enterTopics(side) {
  const input = side.querySelector("input[list]");
  const chips = side.querySelector(".chips");
  const blank = side.querySelector("template");
  if (!input || !chips || !blank) return;

  const known = (word) => [...(input.list?.options ?? [])].find((option) => same(option.value, word));

  function tick(option) {
    const id = option.dataset.id;
    const present = [...chips.querySelectorAll("input")].find((box) => box.value === id);
    if (present) return (present.checked = true);
    const chip = blank.content.cloneNode(true);
    chip.querySelector("input").value = id;
    chip.querySelector("span").textContent = option.value;
    chips.append(chip);
  }

  function take() {
    const words = input.value.split(",").filter((word) => word.trim());
    const found = words.map(known);
    found.filter(Boolean).forEach(tick);
    input.value = words.filter((_, at) => !found[at]).join(",").trim();
  }

  input.addEventListener("change", take);
  input.addEventListener("input", (event) => {
    const picked = !(event instanceof InputEvent) || event.inputType === "insertReplacementText";
    if (picked && known(input.value)) take();
  });
}

function same(one, other) {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
