// The visitor's phone: it says when the network is gone, and shakes when the number is called.
(() => {
  const cut = () => document.getElementById("cut");
  const called = () => document.getElementById("turn")?.dataset.called;
  let known = called();

  document.addEventListener("htmx:sendError", () => (cut().hidden = false));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) cut().hidden = true;
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (called() && called() !== known) navigator.vibrate?.([300, 150, 300]);
    known = called();
  });
})();
