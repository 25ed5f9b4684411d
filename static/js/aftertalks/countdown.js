// Countdown to the next talk in words, by the server's time, counted on from when the page loaded.

export default function countdown(element) {
  const came = performance.now();
  const whole = Number(element.dataset.left);
  const word = element.querySelector("[data-time]");
  const turn = () => {
    const left = Math.max(0, Math.ceil(whole - (performance.now() - came) / 1000));
    const long = left > 90;
    word.textContent = element.dataset[long ? "long" : "many"].replace("{count}", long ? Math.ceil(left / 60) : left);
  };
  turn();
  const timer = setInterval(() => (element.isConnected ? turn() : clearInterval(timer)), 1000);
}
