// Live screens. The stream only says "changed"; each region then fetches itself (htmx), so that
// what a person may see is decided in one place. Without a stream, the version is asked for
// every two seconds. A screen that has heard nothing for ten seconds says since when.
(() => {
  const STALE_MS = 10_000;
  const POLL_MS = 2_000;
  const heard = new WeakSet();
  let last = Date.now();
  let polling = null;
  let behind = false;
  let again = false;
  let stale = false;

  // The house's own hour, not the device's.
  const wall = () => document.querySelector("[data-clock]")?.textContent.trim() ?? "";
  let hour = wall();

  // A region that is being fetched does not hear of what changes meanwhile: it is told after.
  const fetching = () => document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling");
  const ask = () => htmx.trigger(document.body, "house-changed");
  const changed = () => {
    again = again || fetching() !== null;
    ask();
  };
  const version = () => document.querySelector("[data-version]")?.dataset.version ?? "0";

  const alive = () => {
    if (behind) return changed();
    last = Date.now();
    hour = wall();
    stale = false;
    tell();
  };

  const tell = () => {
    const banner = document.getElementById("stale");
    if (!banner) return;
    const old = stale || Date.now() - last > STALE_MS;
    banner.hidden = !old;
    document.getElementById("fresh")?.toggleAttribute("hidden", old);
    if (old) {
      banner.textContent = banner.dataset.text.replace("TIME", hour);
    }
  };

  const poll = async () => {
    const answer = await fetch(`${document.body.dataset.live}?v=${version()}`).catch(() => null);
    if (!answer?.ok) return;
    alive();
    if (answer.status === 200) changed();
  };

  const startPolling = () => (polling ??= setInterval(poll, POLL_MS));
  const stopPolling = () => {
    clearInterval(polling);
    polling = null;
  };

  // A region whose answer was a fault is behind, whatever the stream says: ask for it again.
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.target !== document.body) behind = !detail.successful;
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (!again || fetching()) return;
    again = false;
    ask();
  });

  document.body.addEventListener("htmx:sseOpen", ({ detail }) => {
    stopPolling();
    alive();
    if (heard.has(detail.source)) return;
    heard.add(detail.source);
    detail.source.addEventListener("beat", alive);
    detail.source.addEventListener("change", () => {
      alive();
      changed();
    });
  });
  document.body.addEventListener("htmx:sseError", startPolling);
  document.addEventListener("htmx:sendError", () => {
    stale = true;
    tell();
  });
  setInterval(tell, 1_000);
})();
