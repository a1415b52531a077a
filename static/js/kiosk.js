// The kiosk forgets: after a rest without a touch it warns, then begins again for the next person.
(() => {
  const WARN_S = 20;
  const RETRY_MS = 3000;
  const AGAIN_MS = 700;
  const AGAIN_PX = 80;
  const find = (selector) => document.querySelector(selector);
  const screen = () => document.getElementById("screen");
  const start = () => screen().dataset.start;
  let touched = Date.now();

  // Ask first: a browser that goes where nobody answers shows a page of its own, for ever.
  const beginAgain = async () => {
    const answer = await fetch(start(), { cache: "no-store" }).catch(() => null);
    if (answer?.ok) location.replace(start());
    else serverIsGone();
  };
  const restS = () => Number(screen().dataset.rest);
  const idleS = () => (Date.now() - touched) / 1000;

  // One beat a second drives the warning and both countdowns.
  const beat = () => {
    const warning = document.getElementById("idle");
    const left = Math.ceil(restS() - idleS());
    const onTicket = find("[data-rest-count]");
    if (onTicket) {
      onTicket.textContent = Math.max(left, 0);
      if (left <= 0) beginAgain();
    } else if (left <= -WARN_S) {
      beginAgain();
    } else if (left <= 0) {
      find("[data-count]").textContent = WARN_S + left;
      if (!warning.open && restS() < 300) warning.showModal();
    }
  };

  const stay = () => {
    touched = Date.now();
    const warning = document.getElementById("idle");
    if (warning.open) warning.close();
  };

  // What a screen says to everybody, aloud, once somebody has touched for it; the next touch ends it.
  let voice = null;
  const hush = () => {
    voice?.sound.pause();
    voice?.button.classList.remove("speaking");
    voice = null;
  };
  const say = (button) => {
    voice = { button, sound: new Audio(button.dataset.say) };
    button.classList.add("speaking");
    for (const end of ["ended", "error"]) voice.sound.addEventListener(end, hush);
    voice.sound.play().catch(hush);
  };

  // A new screen: htmx has replaced the body, the page keeps its language and direction.
  const arrived = () => {
    hush();
    touched = Date.now();
    arrivedAt = performance.now();
    document.documentElement.lang = screen().lang;
    document.documentElement.dir = screen().dir;
    scrollTo(0, 0);
  };

  // A finger that touches twice meant the first screen: the second touch, at the same place, would
  // fall on whatever the next screen has there, a ticket or a call for help.
  let last = null;
  let arrivedAt = 0;
  const isEcho = (event) =>
    last !== null &&
    event.detail > 0 && // a key has no place
    arrivedAt > last.at &&
    event.timeStamp - last.at < AGAIN_MS &&
    Math.hypot(event.clientX - last.x, event.clientY - last.y) < AGAIN_PX;
  document.addEventListener(
    "click",
    (event) => {
      if (isEcho(event)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      } else {
        last = { at: event.timeStamp, x: event.clientX, y: event.clientY };
      }
    },
    true,
  );

  let waiting = null;
  const serverIsGone = () => {
    document.getElementById("away").hidden = false;
    waiting ??= setTimeout(() => {
      waiting = null;
      beginAgain();
    }, RETRY_MS);
  };

  // What is no screen of the kiosk (a fault, a page of another surface) is not shown on it.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.serverResponse.includes('id="screen"')) return;
    detail.shouldSwap = false;
    serverIsGone();
  });
  document.addEventListener("pointerdown", stay);
  document.addEventListener("keydown", stay);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-say]");
    const again = button !== null && button === voice?.button;
    hush();
    if (button && !again) say(button);
    if (event.target.closest("[data-print]")) print();
    if (event.target.closest("[data-done]")) {
      event.preventDefault();
      document.getElementById("main").hidden = true; // at once, however slow the answer
      beginAgain();
    }
  });
  document.addEventListener("htmx:afterSettle", arrived);
  document.addEventListener("htmx:sendError", serverIsGone);
  addEventListener("pageshow", (event) => event.persisted && beginAgain());
  setInterval(beat, 1000);
  // Not there on a plain http:// address of the network: then a reload needs the house.
  navigator.serviceWorker?.register(screen().dataset.watchman, { scope: "/borne" }).catch(() => null);
})();
