import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { DescFile } from '@bufbuild/protobuf';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { shortened } from './src/lib/shortening.js';

/** The modules that only colour code. */
const COLOURING = /\/highlight\.js\/|src\/lib\/colouring\.ts$/;

// The page is served by viva-web under a policy that forbids inline script and style, so nothing
// may be inlined; every file but index.html carries a hash in its name.
export default defineConfig({
  plugins: [
    svelte(),
    themeFirst(),
    installable(),
    shortDescriptors(),
    withoutUnused(),
    withoutHydration(),
    withoutHtml(),
    withoutPreload(),
  ],
  resolve: process.env['VITEST'] ? { conditions: ['browser'] } : {},
  build: {
    outDir: 'dist',
    target: 'es2022',
    assetsInlineLimit: 0,
    // One style sheet for all screens, and no preloading: the other screens are loaded early in any case.
    cssCodeSplit: false,
    modulePreload: false,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: firstOrLater, minSize: 0 }] } } },
    reportCompressedSize: true,
  },
  // The first test of a file loads all components.
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts'], testTimeout: 30_000 },
});

/** Puts `src/theme.js` into the head unchanged, as a script that blocks the first paint. */
function themeFirst(): Plugin {
  const source = readFileSync(new URL('src/theme.js', import.meta.url), 'utf8');
  const fileName = `assets/theme-${createHash('sha256').update(source).digest('base64url').slice(0, 8)}.js`;
  return {
    name: 'viva:theme-first',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'asset', fileName, source });
    },
    transformIndexHtml: () => [{ tag: 'script', attrs: { src: `/${fileName}` }, injectTo: 'head' }],
  };
}

/** Makes the page installable: adds the manifest with its icons, and the worker with a list of all files of the build. These
 * have fixed names, so the gateway makes browsers check for new ones each time. */
function installable(): Plugin {
  const source = (name: string) => readFileSync(new URL(`src/${name}`, import.meta.url));
  return {
    name: 'viva:installable',
    apply: 'build',
    enforce: 'post',
    transformIndexHtml: () => [
      { tag: 'link', attrs: { rel: 'manifest', href: '/manifest.webmanifest' }, injectTo: 'head' },
      { tag: 'link', attrs: { rel: 'apple-touch-icon', href: '/icon-192.png' }, injectTo: 'head' },
    ],
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const files = Object.keys(bundle)
          .filter((name) => name.startsWith('assets/'))
          .sort();
        const page = bundle['index.html'];
        const said = JSON.stringify([files, page?.type === 'asset' && String(page.source)]);
        const worker = String(source('worker.js'))
          .replace('__BUILD__', createHash('sha256').update(said).digest('base64url').slice(0, 12))
          .replace('__FILES__', JSON.stringify(files.map((name) => `/${name}`)))
          .replace(/^ *\/\/.*\n|^ *\/\*\*.*\*\/\n/gm, '');
        this.emitFile({ type: 'asset', fileName: 'worker.js', source: worker });
        for (const name of ['manifest.webmanifest', 'icon-192.png', 'icon-512.png'])
          this.emitFile({ type: 'asset', fileName: name, source: source(name) });
      },
    },
  };
}

/** Splits the script into four files: what a visit loads first, the other screens, the colours of code, and the sample. Few
 * files compress better, and the other screens are there completely or not at all. */
function firstOrLater(id: string, graph: { getModuleInfo: (id: string) => { isEntry: boolean; importers: string[] } | null }): string {
  const seen = new Set<string>();
  const isFirst = (one: string): boolean => {
    if (seen.has(one)) return false;
    seen.add(one);
    const module = graph.getModuleInfo(one);
    return module !== null && (module.isEntry || module.importers.some(isFirst));
  };
  if (COLOURING.test(id)) return 'code';
  if (id.includes('/src/sample/')) return 'sample';
  return isFirst(id) ? 'first' : 'later';
}

/** Replaces the contract's descriptors by the short form of `lib/shortening`, which `lib/descriptors` reads. protobuf-es's own
 * need a reader for its whole descriptor format: 9 KB. */
function shortDescriptors(): Plugin {
  const reader = fileURLToPath(new URL('src/lib/descriptors.ts', import.meta.url));
  return {
    name: 'viva:short-descriptors',
    apply: 'build',
    async transform(code, path) {
      if (!/\bfileDesc\("/.test(code)) return undefined;
      const module = (await import(pathToFileURL(path.split('?')[0] ?? '').href)) as Record<string, DescFile>;
      const file = Object.values(module).find(({ kind }) => kind === 'file');
      const text = file && shortened(file);
      if (text === undefined) return undefined;
      return code
        .replace(/\bfileDesc\("[\w+/=]*"/, () => `fileDesc(${JSON.stringify(text)}`)
        .replace(/(?<=\bfrom )"[^"]*\/codegenv2(\/\w+\.js)?"/g, () => JSON.stringify(reader));
    },
  };
}

/** Leaves out the parts of highlight.js that create HTML and search a document for code; `lib/colouring` uses its tokens:
 * 1.2 KB. */
function withoutHtml(): Plugin {
  const unused = [
    'class HTMLRenderer',
    'class TokenTree ',
    'class TokenTreeEmitter extends TokenTree',
    'class HTMLInjectionError extends Error',
    'function blockLanguage(',
    'function updateClassName(',
    'function highlightElement(',
    'const initHighlighting = () =>',
    'function initHighlightingOnLoad(',
    'function highlightAll(',
    'function upgradePluginAPI(',
    'function deprecateHighlightBlock(',
  ];
  return {
    name: 'viva:without-html',
    apply: 'build',
    enforce: 'pre',
    transform: (code, path) => (path.endsWith('/highlight.js/lib/core.js') ? unused.reduce(emptied, code) : undefined),
  };
}

/** Empties the body of a class or function, whose braces must be balanced. */
function emptied(code: string, head: string): string {
  const open = code.indexOf('{', code.indexOf(head) + head.length);
  if (!code.includes(head)) throw new Error(`highlight.js no longer contains ${head}`);
  let close = open;
  for (let depth = 0; depth > 0 || close === open; close += 1) depth += { '{': 1, '}': -1 }[code[close] ?? ''] ?? 0;
  return `${code.slice(0, open)}{}${code.slice(close)}`;
}

/** Leaves out unused parts of connect and protobuf-es: the JSON form of messages, which only connect's own protocol needs,
 * 6 KB; and checks of values that are set by reflection, which nothing calls while messages are read and written, 1.5 KB. */
function withoutUnused(): Plugin {
  const names = {
    'to-json.js': ['toJson', 'toJsonString', 'enumToJson'],
    'from-json.js': ['fromJson', 'fromJsonString', 'mergeFromJson', 'mergeFromJsonString', 'enumFromJson', 'isEnumJson'],
    'reflect/reflect-check.js': ['checkField', 'checkListItem', 'checkMapEntry', 'formatVal'],
  };
  const nameOf = (path: string) =>
    Object.keys(names).find((name) => path.endsWith(`@bufbuild/protobuf/dist/esm/${name}`)) as keyof typeof names | undefined;
  return {
    name: 'viva:without-unused',
    apply: 'build',
    load(path) {
      const name = nameOf(path.split('?')[0] ?? '');
      if (!name) return undefined;
      const body = name.endsWith('json.js') ? "throw new Error('This page has no JSON form of messages.');" : '';
      return names[name].map((one) => `export function ${one}() { ${body} }`).join('\n');
    },
  };
}

/** Leaves out svelte's hydration, which takes over HTML from a server that renders components, and the calls for it in
 * components: 3 KB. */
function withoutHydration(): Plugin {
  const nothing = [
    'set_hydrating',
    'set_hydrate_node',
    'hydrate_next',
    'hydrate_template',
    'reset',
    'next',
    'skip_nodes',
    'read_hydration_instruction',
  ];
  return {
    name: 'viva:without-hydration',
    apply: 'build',
    load(path) {
      if (!path.endsWith('/svelte/src/internal/client/dom/hydration.js')) return undefined;
      return ['export const hydrating = false, hydrate_node = null;', ...nothing.map((name) => `export function ${name}() {}`)].join('\n');
    },
    transform: (code, path) => (/\.svelte(\?|$)/.test(path) ? code.replace(/^\s*\$\.(reset|next)\([\w$]*\);$/gm, '') : undefined),
  };
}

/** Leaves out vite's preloading of style sheets and modules, which are not split: 0.7 KB. */
function withoutPreload(): Plugin {
  return {
    name: 'viva:without-preload',
    apply: 'build',
    enforce: 'pre',
    load: (path) => (path.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load();' : undefined),
  };
}
