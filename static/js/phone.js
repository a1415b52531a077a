// The visitor's phone: it says when the network is gone, and shakes when the number is called. A
// page to be left fast leaves nothing behind it, neither on the screen nor under Back.
(() => {
  const cut = () => document.getElementById("cut");
  const called = () => document.getElementById("turn")?.dataset.called;
  let known = called();

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
    if (called() && called() !== known) navigator.vibrate?.([300, 150, 300]);
    known = called();
  });
})();
