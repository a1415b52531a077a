// The visitor's phone: it says when the network is gone, and shakes when the number is called; it
// rings, if it was told to, when two people are left before, and at the call. A page to be left
// fast leaves nothing behind it, neither on the screen nor under Back.
(() => {
  const RING_AT = 2;
  const cut = () => document.getElementById("cut");
  const called = () => document.getElementById("turn")?.dataset.called;
  const ahead = () => Number(document.getElementById("turn")?.dataset.ahead ?? NaN);
  let known = called();
  let before = ahead();

  const leave = (way) => {
    document.body.hidden = true;
    location.replace(way.href);
  };
  const wayOut = () => document.querySelector("[data-leave]");
  document.addEventListener("click", (event) => {
    const way = event.target.closest("[data-leave]");
    if (!way) return;
    event.preventDefault();
    leave(way);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && wayOut()) leave(wayOut());
  });
  addEventListener("pageshow", (event) => event.persisted && wayOut() && leave(wayOut()));

  document.addEventListener("htmx:sendError", () => (cut().hidden = false));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) cut().hidden = true;
  });
  document.addEventListener("htmx:afterSwap", () => {
    const now = called();
    if (now && now !== known) alarm(true);
    else if (ahead() <= RING_AT && !(before <= RING_AT)) alarm(false);
    known = now;
    before = ahead();
    tell();
  });

  // Armed by a touch, which is also what lets a page make itself heard; until the page is left.
  const bell = document.getElementById("ring");
  const button = bell?.querySelector("button");
  let sound = null;
  let awake = null;

  const alarm = (mine) => {
    if (mine || sound) navigator.vibrate?.(mine ? [300, 150, 300, 150, 600] : [300, 150, 300]);
    if (sound) ring(mine ? 3 : 1);
  };

  // A third down, as a door bell, so many times.
  const ring = (times) => {
    sound.resume();
    for (let nth = 0; nth < times; nth += 1) {
      [659, 523].forEach((hertz, note) => beep(hertz, sound.currentTime + nth * 1.2 + note * 0.35));
    }
  };
  const beep = (hertz, at) => {
    const tone = new OscillatorNode(sound, { frequency: hertz });
    const volume = new GainNode(sound, { gain: 0 });
    tone.connect(volume).connect(sound.destination);
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.5, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.8);
    tone.start(at);
    tone.stop(at + 0.85);
  };

  // The screen stays lit, where the phone allows it: a page that sleeps does not ring.
  const stayAwake = () =>
    navigator.wakeLock?.request("screen").then((lock) => (awake = lock), () => (awake = null));

  const arm = () => {
    sound = new AudioContext();
    ring(1);
    navigator.vibrate?.(200);
    stayAwake();
  };
  const disarm = () => {
    sound.close();
    sound = null;
    awake?.release();
    awake = null;
  };

  // It says what it will do, as long as there is a call to wait for.
  const tell = () => {
    if (!bell) return;
    const over = Boolean(called()) || !document.getElementById("turn")?.dataset.waits;
    bell.hidden = over || !globalThis.AudioContext;
    button.setAttribute("aria-pressed", String(Boolean(sound)));
    bell.querySelector("p span").hidden = !sound;
  };
  button?.addEventListener("click", () => {
    if (sound) disarm();
    else arm();
    tell();
  });
  document.addEventListener("visibilitychange", () => {
    if (sound && document.visibilityState === "visible") stayAwake();
  });

  // What is pressed meanwhile brings another page: its address says that this one was to ring, since
  // nothing is kept on the phone. A browser that wants a touch first is not armed, and says so.
  const MARK = "#sonne";
  document.addEventListener("submit", ({ target }) => {
    if (sound) target.action = target.action.split("#")[0] + MARK;
  });
  const armAgain = () => {
    if (location.hash !== MARK || !bell || bell.hidden) return;
    arm();
    setTimeout(() => {
      if (sound && sound.state !== "running") disarm();
      tell();
    }, 300);
  };
  tell();
  armAgain();
  tell();
})();
