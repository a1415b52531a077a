// The clock on the wall goes on from what the server said when the page, or its body, was made.
(() => {
  let clock = null;
  let minutes = 0;
  let since = 0;

  const tell = () => {
    const shown = document.querySelector("[data-clock] bdi");
    if (shown && shown !== clock) {
      const [hours, rest] = shown.textContent.split(":").map(Number);
      const seconds = Number(shown.closest("[data-clock]").dataset.clock);
      [clock, minutes, since] = [shown, hours * 60 + rest, Date.now() - seconds * 1_000];
    }
    if (!shown) return;
    const now = minutes + Math.floor((Date.now() - since) / 60_000);
    shown.textContent = `${Math.floor(now / 60) % 24}:${String(now % 60).padStart(2, "0")}`;
  };

  setInterval(tell, 1_000);
})();
