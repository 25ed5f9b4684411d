// The button that prints a report.

export default function print(button) {
  button.addEventListener("click", () => window.print());
}
