// Letters to touch, for a screen that has no keyboard.
(() => {
  const field = document.getElementById("code");
  const letters = document.querySelector("[data-letters]");
  letters.hidden = false;
  letters.addEventListener("click", ({ target }) => {
    const { letter } = target.closest("[data-letter]")?.dataset ?? {};
    if (letter) field.value += letter;
    if (target.closest("[data-erase]")) field.value = field.value.slice(0, -1);
  });
})();
