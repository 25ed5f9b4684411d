// Microphone level meter as bars of an SVG. Calls `heard(true)` once a voice was heard.

const MIN_VOICE_LEVEL = 0.02;

export function watchLevel(stream, meter, heard = () => {}) {
  const track = stream.getAudioTracks()[0];
  if (!track || !meter) return () => {};
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const bars = [...meter.querySelectorAll("rect")];
  let voiced = 0;
  const timer = setInterval(() => {
    if (context.state === "suspended") context.resume().catch(() => {});
    analyser.getFloatTimeDomainData(samples);
    const level = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    const lit = Math.round(Math.min(1, level * 6) * bars.length);
    bars.forEach((bar, at) => bar.classList.toggle("on", at < lit));
    if (level > MIN_VOICE_LEVEL && (voiced += 1) === 3) heard(true);
  }, 100);
  return () => {
    clearInterval(timer);
    context.close().catch(() => {});
  };
}

// Half a second of a soft tone, on the loudspeaker that was chosen.
export async function playTone(sinkId) {
  const context = new AudioContext();
  if (sinkId && context.setSinkId) await context.setSinkId(sinkId).catch(() => {});
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = 523;
  volume.gain.setValueAtTime(0, context.currentTime);
  volume.gain.linearRampToValueAtTime(0.3, context.currentTime + 0.05);
  volume.gain.linearRampToValueAtTime(0, context.currentTime + 0.9);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 1);
  await new Promise((resolve) => tone.addEventListener("ended", resolve));
  await context.close();
}
