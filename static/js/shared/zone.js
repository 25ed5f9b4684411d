// Hidden time zone field filled with the zone of this browser, when the page did not know one.

export default function zone(field) {
  const found = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (found && !field.value) field.value = found;
}
