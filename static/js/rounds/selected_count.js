// Count of ticked times beside the legend. The words are on the page; this only counts.

export default function countChosen(fieldset) {
  const place = fieldset.querySelector("[data-count]");
  if (!place) return;

  const show = () => {
    const count = fieldset.querySelectorAll("input:checked").length;
    place.hidden = count === 0;
    place.textContent = (count === 1 ? place.dataset.one : place.dataset.many).replace("{count}", String(count));
  };

  fieldset.addEventListener("change", show);
  show();
}
