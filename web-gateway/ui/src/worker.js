// The service worker: keeps the page's own files, so that it opens without the server. It never keeps a reply to a call
// or a token; lib/loaded.ts keeps what was loaded.
//
// vite.config.ts inserts the files of the build, and a name that changes with them. A new build's worker fetches its files and
// waits until no window of the previous build is open, so that each window has all files of the build that it started with.
// You see the new build at the next start, or at the next reload with the server there.
const [PREFIX, BUILD, FILES] = ['viva-page-', '__BUILD__', __FILES__];
const NAME = PREFIX + BUILD;

/** How long the server may take before the page is opened from the kept files, in milliseconds. */
const PATIENCE_MS = 4_000;

addEventListener('install', (event) => event.waitUntil(keepFiles()));
addEventListener('activate', (event) => event.waitUntil(forgetOthers()));
addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  // The gateway's own addresses are not screens, and paths with a full stop are files.
  const isScreen = request.mode === 'navigate' && !/\.|^\/(healthz|session)/.test(pathname);
  if (isScreen) event.respondWith(screen(request));
  else if (FILES.includes(pathname)) event.respondWith(file(request, pathname));
});

async function keepFiles() {
  const cache = await caches.open(NAME);
  await cache.addAll([new Request('/', { cache: 'reload', credentials: 'omit' }), ...FILES]);
  // While a server is being replaced, the page may be of one build and this worker of another.
  const page = await (await cache.match('/')).text();
  if (FILES.some((path) => /\/(index|style)-/.test(path) && !page.includes(path))) {
    await caches.delete(NAME);
    throw new Error('The page is of another build.');
  }
}

async function forgetOthers() {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== NAME) await caches.delete(name);
}

/** The page as the server has it now, or else as it was kept. */
async function screen(request) {
  const fresh = fetch(request);
  fresh.catch(() => {});
  const late = new Promise((done) => setTimeout(done, PATIENCE_MS));
  const reply = await Promise.race([fresh, late]).catch(() => undefined);
  if (reply && reply.status < 500) return reply;
  return (await kept('/')) ?? fresh;
}

/** A file of this build. Its name contains a hash of its content, so any copy is the same. */
async function file(request, pathname) {
  return (await kept(pathname)) ?? fetch(request);
}

async function kept(path) {
  return (await caches.open(NAME)).match(path, { ignoreVary: true });
}
