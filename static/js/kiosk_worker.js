// Between the kiosk and the house: when nobody answers, the one page that the device holds.
// Nothing else is ever kept: no screen of anyone.
const KEPT = "kiosk-away";
const PAGE = "/borne/absente";
const DOWN = [502, 503, 504];

// The page, and the sheets and scripts that it names.
const keep = async () => {
  const answer = await fetch(PAGE, { cache: "no-store" });
  if (!answer.ok) return;
  const html = await answer.clone().text();
  const parts = [...html.matchAll(/ (?:href|src)="([^"]+)"/g)].map((found) => found[1]);
  const kept = await caches.open(KEPT);
  await kept.addAll(parts);
  await kept.put(PAGE, answer);
  const wanted = new Set([PAGE, ...parts].map((each) => new URL(each, location).href));
  for (const { url } of await kept.keys()) if (!wanted.has(url)) await kept.delete(url);
};

const screen = async (request) => {
  const answer = await fetch(request).catch(() => null);
  if (answer && !DOWN.includes(answer.status)) return answer;
  return (await caches.match(PAGE)) ?? answer ?? Response.error();
};

const part = async (request) => {
  const kept = await caches.match(request);
  return kept ?? fetch(request);
};

addEventListener("install", (event) => event.waitUntil(keep().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(screen(request));
    // A new release, or a language that the house turned on: the page is brought up to date.
    if (request.method === "GET") event.waitUntil(keep().catch(() => null));
  } else if (new URL(request.url).pathname.startsWith("/static/")) {
    event.respondWith(part(request));
  }
});
