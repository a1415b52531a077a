// The poster goes on by itself. When the house has not answered for so long that its letters count no
// more, it says where to go instead, until there are new ones.
(() => {
  const OLD_MS = 120_000;
  const away = document.getElementById("away");
  let since = Date.now();

  document.addEventListener("htmx:afterSwap", () => {
    since = Date.now();
    away.hidden = true;
  });
  setInterval(() => {
    if (Date.now() - since > OLD_MS) away.hidden = false;
  }, 1_000);
})();
