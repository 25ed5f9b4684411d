// Copy button of the sentence for the board. Without this script it can be mailed, or selected by hand.

export default function copy(board) {
  const button = board.querySelector("[data-copy]");
  const words = button.querySelector("span");

  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(board.dataset.words);
      words.textContent = button.dataset.done;
    } catch {
      window.getSelection().selectAllChildren(board.querySelector("p")); // not allowed here: it can be copied by hand
    }
  });
}
