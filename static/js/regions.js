// A region that refreshes itself stays as it is when its answer is a fault, or comes too late.
(() => {
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const region = detail.target !== document.body;
    if (region && (detail.isError || !detail.target.isConnected)) detail.shouldSwap = false;
  });
})();
