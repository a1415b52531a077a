// The staff's screens: the undo that fades, the lock after a rest, Escape, printing.
(() => {
  const IDLE_MS = Number(document.body.dataset.idleMs);
  let touched = Date.now();

  const fade = () => {
    for (const bar of document.querySelectorAll("[data-expires-ms]")) {
      bar.expires ??= Date.now() + Number(bar.dataset.expiresMs);
      const left = bar.expires - Date.now();
      if (left <= 0) bar.remove();
      else bar.querySelector("[data-seconds]").textContent = Math.ceil(left / 1000);
    }
  };

  const rest = () => {
    if (Date.now() - touched < IDLE_MS) return;
    touched = Date.now();
    document.getElementById("lock")?.requestSubmit();
  };

  // Whoever touches one tab of this session is there for the others too.
  const tabs = new BroadcastChannel("touched");
  tabs.addEventListener("message", () => (touched = Date.now()));
  for (const sign of ["pointerdown", "keydown"]) {
    document.addEventListener(sign, () => {
      touched = Date.now();
      tabs.postMessage("");
    });
  }
  // A button that stands outside its form says what was chosen; htmx would leave it out.
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const pressed = detail.triggeringEvent?.submitter;
    if (pressed?.name && !detail.elt.contains(pressed)) detail.parameters[pressed.name] = pressed.value;
  });

  // Opening somebody keeps each column where it was.
  let places = [];
  const columns = () => [...document.querySelectorAll(".column")];
  document.addEventListener("htmx:beforeSwap", () => (places = columns().map((each) => each.scrollTop)));
  document.addEventListener("htmx:afterSettle", () => {
    columns().forEach((each, position) => (each.scrollTop = places[position] ?? 0));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelector("[data-close]")?.click();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });
  setInterval(() => {
    fade();
    rest();
  }, 250);
})();
