// A scanner types as fast as no finger does, and ends with Enter: wherever the focus is, what it
// typed goes into the field for codes. Whoever types in a field of their own is left alone.
(() => {
  const FASTER_THAN_MS = 60;
  const LETTERS = 10;
  let typed = "";
  let last = 0;

  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.timeStamp - last > FASTER_THAN_MS) typed = "";
    last = event.timeStamp;
    if (event.key.length === 1) {
      typed += event.key;
      if (typed.length > 1) event.preventDefault();
    } else if (event.key === "Enter" && typed.length >= LETTERS) {
      event.preventDefault();
      const form = document.getElementById("scan");
      if (!form) return;
      form.querySelector("input[name=typed]").value = typed;
      typed = "";
      form.requestSubmit();
    }
  });
})();
