// The page of a kiosk whose house does not answer: it asks again, and goes back by itself.
(() => {
  const RETRY_MS = 3000;
  const ask = async () => {
    const answer = await fetch(location.pathname, { cache: "no-store" }).catch(() => null);
    if (answer?.ok) location.replace(location.pathname);
  };
  setInterval(ask, RETRY_MS);
})();
