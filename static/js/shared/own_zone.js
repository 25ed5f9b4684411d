// Time zone suggestion: the zone of this browser on top of a list of zones, chosen only by the reader.

export default function ownZone(select) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = [...select.options].find((option) => option.value === zone);
  if (!known || select.options[0].value === zone) return;
  const own = known.cloneNode(true);
  own.textContent = select.dataset.here.replace("{city}", known.textContent);
  own.selected = false;
  select.prepend(own);
}
