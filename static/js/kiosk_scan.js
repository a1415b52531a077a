// A scanner is a fast keyboard. What it types on any screen of the kiosk, up to its Enter or its Tab,
// goes to the house in the body of a form: nothing of it is shown, kept, or takes a button for it.
(() => {
  const GAP_MS = 120; // between two keys of a scanner; fingers are slower
  const SHORTEST = 10;
  const WHOLE = 31;
  const GROUP = 5;
  const AGAIN_MS = 2500; // what reads twice has read once
  const RESERVED = 3; // keys so fast that what ends them touches no button
  let keys = "";
  let last = -Infinity;
  let sent = -Infinity;
  let silence = null;

  const field = () => document.querySelector("#typing [name=typed]");

  const send = (text) => {
    keys = "";
    if (field()) field().value = "";
    if (performance.now() - sent < AGAIN_MS) return;
    sent = performance.now();
    const form = document.getElementById("scan");
    form.elements.typed.value = text;
    form.requestSubmit();
    form.elements.typed.value = "";
  };

  const typed = (event) => {
    const quick = event.timeStamp - last < GAP_MS;
    keys = quick ? keys + event.key : event.key;
    last = event.timeStamp;
    clearTimeout(silence);
    // A scanner that ends with nothing.
    silence = setTimeout(() => keys.length >= WHOLE && send(keys), 3 * GAP_MS);
    // So much so fast is no finger, and what follows a reading is its end, or its second time: the
    // field forgets it.
    if (keys.length > SHORTEST || event.timeStamp - sent < AGAIN_MS) {
      event.preventDefault();
      if (field()) field().value = "";
    } else if (event.key === " " && keys.length > RESERVED) {
      event.preventDefault();
    }
  };

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey) return;
      if (event.key.length === 1) {
        typed(event);
      } else if (event.key === "Enter" || event.key === "Tab") {
        const quick = event.timeStamp - last < GAP_MS;
        clearTimeout(silence);
        if (quick && keys.length > RESERVED) event.preventDefault();
        if (quick && keys.length >= SHORTEST) send(keys);
        keys = "";
      }
    },
    true,
  );
  document.addEventListener("code-read", (event) => send(event.detail));

  // The letters touched one by one, in two groups, and the field always ready for a scanner.
  const write = (letters) => {
    const groups = [letters.slice(0, GROUP), letters.slice(GROUP, 2 * GROUP)];
    field().value = groups.filter(Boolean).join(" ");
    field().focus();
  };
  document.addEventListener("click", (event) => {
    const key = event.target.closest("#typing [name=letter], #typing [name=erase]");
    if (!key) return;
    event.preventDefault();
    const letters = field().value.replace(/[^a-z]/gi, "").toUpperCase();
    write(key.name === "erase" ? letters.slice(0, -1) : letters + key.value);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === field() && !event.relatedTarget) setTimeout(() => field()?.focus());
  });
})();
