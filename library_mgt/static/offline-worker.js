// Keeps the page of the desk without network, and its parts; every other request goes its way untouched.
"use strict";

const BASE = self.location.pathname.replace(/offline-worker\.js$/, "");
const VERSION = new URL(self.location.href).searchParams.get("v");
const CACHE = `erp-offline-desk-${VERSION}`;
const PAGE = `${BASE}offline`;
const PARTS = ["erp.css", "erp.js", "offline.js", "mark.svg"].map((name) => `${BASE}static/${VERSION}/${name}`);
const PATIENCE = 3000;

// Page and parts come together, so that what is kept always fits.
self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([PAGE, ...PARTS].map((path) => new Request(path, { credentials: "omit" }))))
      .then(() => self.skipWaiting())
  );
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("erp-offline-desk-") && name !== CACHE;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

const kept = (path) => caches.open(CACHE).then((cache) => cache.match(path, { ignoreVary: true }));

// A server that is away, that is slow, or that fails, is the same to a desk: then the kept page opens.
const fresh = async (request) => {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok ? answer : (await kept(PAGE)) || answer;
  } catch (error) {
    return (await kept(PAGE)) || Response.error();
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(fresh(request));
  else if (PARTS.includes(url.pathname)) {
    event.respondWith(kept(url.pathname).then((found) => found || fetch(request)));
  }
});
