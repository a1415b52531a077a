// The board's ear: each call that is still awaited is chimed, then spoken twice, one after the
// other, never together. What was undone, or has come in, before its turn to be spoken is not.
(() => {
  const FRESH_S = 30;
  const RETRY_MS = 2_000;
  const LONGEST_MS = 20_000;
  const TURNS_MS = 5_000;
  const MOST_KNOWN = 1_000;
  const chime = document.body.dataset.chime;
  const queue = [];
  const known = new Set();
  let speaking = false;
  let said = null;
  let turn = null;

  const calls = () => [...document.querySelectorAll("[data-call]")];
  const awaited = (id) => calls().some(({ dataset }) => dataset.call === id);
  const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  // Until it has ended: a sound that stands still is cut, so that it never speaks over the next.
  const play = (source) =>
    new Promise((resolve) => {
      const sound = new Audio(source);
      const over = () => {
        clearTimeout(late);
        sound.pause();
        resolve();
      };
      const late = setTimeout(over, LONGEST_MS);
      sound.addEventListener("ended", over);
      sound.addEventListener("error", over);
      sound.play().then(
        () => (document.getElementById("sound").hidden = true),
        (refusal) => {
          // The browser wants a touch before it lets a page make itself heard.
          if (refusal.name === "NotAllowedError") document.getElementById("sound").hidden = false;
          over();
        },
      );
    });

  // A voice is fetched before it plays: while the server restarts, the call waits for it.
  const fetched = async (source, id) => {
    while (awaited(id)) {
      const answer = await fetch(source).catch(() => null);
      const whole = await answer?.blob().catch(() => null);
      if (whole) return answer.ok;
      await rest(RETRY_MS);
    }
    return false;
  };

  const speakOf = async (id, sounds) => {
    if (!awaited(id)) return;
    said = id;
    mark();
    await play(chime);
    for (const source of [...sounds, ...sounds]) {
      if (await fetched(source, id)) await play(source);
    }
    said = null;
    mark();
  };

  const speak = async () => {
    if (speaking) return;
    speaking = true;
    while (queue.length) await queue.shift()();
    speaking = false;
  };

  // The number that is being spoken is the one that the eye finds.
  const mark = () => {
    for (const each of document.querySelectorAll("[data-of]")) {
      each.classList.toggle("said", each.dataset.of === said);
    }
  };

  const hear = () => {
    // Oldest first, as they were called.
    for (const { dataset } of calls().reverse()) {
      if (known.has(dataset.call)) continue;
      known.add(dataset.call);
      if (Number(dataset.age) > FRESH_S) continue;
      const sounds = dataset.sounds.split(" ").filter(Boolean);
      queue.push(() => speakOf(dataset.call, sounds));
    }
    for (const id of known) if (known.size > MOST_KNOWN) known.delete(id);
    speak();
  };

  // Some languages at a time.
  const tell = () => {
    for (const words of document.querySelectorAll("[data-turns]")) {
      const groups = [...words.children];
      turn ??= groups.findIndex((group) => !group.hidden);
      groups.forEach((group, at) => (group.hidden = at !== turn % groups.length));
    }
  };

  document.getElementById("sound").addEventListener("click", () => {
    queue.push(() => play(chime));
    speak();
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    tell();
    mark();
    hear();
  });
  setInterval(() => {
    turn += 1;
    tell();
  }, TURNS_MS);
  tell();
  hear();
})();
