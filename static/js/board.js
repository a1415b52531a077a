// The board's ear: each new call is chimed and spoken once, one after the other, never together.
(() => {
  const FRESH_S = 30;
  const chime = document.body.dataset.chime;
  const queue = [];
  const known = new Set();
  let speaking = false;

  // Oldest first, as they were called.
  const calls = () => [...document.querySelectorAll("[data-call]")].reverse();

  const play = (source) =>
    new Promise((resolve) => {
      const sound = new Audio(source);
      sound.addEventListener("ended", resolve);
      sound.addEventListener("error", resolve);
      sound.play().then(
        () => (document.getElementById("sound").hidden = true),
        (refusal) => {
          // The browser wants a touch before it lets a page make itself heard.
          if (refusal.name === "NotAllowedError") document.getElementById("sound").hidden = false;
          resolve();
        },
      );
    });

  const speak = async () => {
    if (speaking) return;
    speaking = true;
    while (queue.length) {
      for (const source of queue.shift()) await play(source);
    }
    speaking = false;
  };

  const hear = () => {
    for (const { dataset } of calls()) {
      if (known.has(dataset.call)) continue;
      known.add(dataset.call);
      if (Number(dataset.age) > FRESH_S) continue;
      queue.push([chime, ...dataset.sounds.split(" ").filter(Boolean)]);
    }
    speak();
  };

  document.getElementById("sound").addEventListener("click", () => {
    queue.push([chime]);
    speak();
  });
  document.body.addEventListener("htmx:afterSettle", hear);
  hear();
})();
