// Soft tones for whoever wants them: ampsChime.count(), .start() and .end().
// Nothing is made before somebody pressed something; silent while <html data-chime="off">.
(() => {
  "use strict";
  const LOUD = 0.15;
  let context = null;

  const mayPlay = () =>
    window.AudioContext &&
    document.documentElement.dataset.chime !== "off" &&
    (!navigator.userActivation || navigator.userActivation.hasBeenActive);

  function tone([hertz, after, seconds]) {
    const at = context.currentTime + after;
    const voice = context.createOscillator();
    const volume = context.createGain();
    voice.frequency.value = hertz;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(LOUD, at + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + seconds);
    voice.connect(volume).connect(context.destination);
    voice.start(at);
    voice.stop(at + seconds);
  }

  function play(...tones) {
    if (!mayPlay()) return;
    context = context || new AudioContext();
    context.resume().catch(() => {}); // no way to play here: then it is quiet
    tones.forEach(tone);
  }

  window.ampsChime = {
    count: () => play([440, 0, 0.25]),
    start: () => play([587, 0, 0.5]),
    end: () => play([523, 0, 0.5], [784, 0.3, 0.9]),
  };
})();
