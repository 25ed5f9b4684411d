// Sharing a link: the sheet of the device where it has one. Otherwise the link leads to a page with the text in a field.

export default function share(link) {
  if (!navigator.share) return;
  link.hidden = false;
  link.addEventListener("click", async (press) => {
    press.preventDefault();
    try {
      await navigator.share({ title: link.dataset.title, text: link.dataset.text, url: link.dataset.url });
    } catch (refused) {
      // Closing the sheet is a choice; anything else leads to the page, where the text can be copied.
      if (refused.name !== "AbortError" && link.href) location.assign(link.href);
    }
  });
}
