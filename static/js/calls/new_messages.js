// Mark on the call's messages button while there are messages that were not on the screen yet.

export default function newMessages(button) {
  const list = document.getElementById(button.dataset.list);
  const mark = button.querySelector("[data-new]");
  list.addEventListener("chat:line", ({ detail }) => {
    if (detail.line.dataset.author !== list.dataset.reader && !list.closest("dialog").open) mark.hidden = false;
  });
  list.addEventListener("chat:read", () => (mark.hidden = true));
}
