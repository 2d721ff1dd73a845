import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// The page is served by viva-web under a policy that forbids inline script and style, so nothing
// may be inlined; every file but index.html carries a hash in its name.
export default defineConfig({
  plugins: [svelte(), themeFirst(), withoutUnused(), withoutPreload()],
  resolve: process.env['VITEST'] ? { conditions: ['browser'] } : {},
  build: {
    outDir: 'dist',
    target: 'es2022',
    assetsInlineLimit: 0,
    // One sheet for all screens, and no list of what to load before what: the other screens are loaded
    // ahead of time in any case.
    cssCodeSplit: false,
    modulePreload: false,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: firstOrLater, minSize: 0 }] } } },
    reportCompressedSize: true,
  },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts'] },
});

/** Puts `src/theme.js` into the head as it is: a script that the first paint waits for. */
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

/** Two files: what a visit loads first, and all that comes later. Together it is compressed better, and
 * what comes later is there as a whole or not at all. */
function firstOrLater(id: string, graph: { getModuleInfo: (id: string) => { isEntry: boolean; importers: string[] } | null }): string {
  const seen = new Set<string>();
  const isFirst = (one: string): boolean => {
    if (seen.has(one)) return false;
    seen.add(one);
    const module = graph.getModuleInfo(one);
    return module !== null && (module.isEntry || module.importers.some(isFirst));
  };
  return isFirst(id) ? 'first' : 'later';
}

/** Leaves out what connect and protobuf-es bring along and nothing here asks for. The JSON form of
 * messages is for connect's own protocol, and gRPC-Web speaks binary: 6 KB. The checks of values that are
 * set by reflection, and the defaults of proto2, which only descriptors have: 1.5 KB, and nobody calls
 * them while messages are read and written. */
function withoutUnused(): Plugin {
  const names = {
    'to-json.js': ['toJson', 'toJsonString', 'enumToJson'],
    'from-json.js': ['fromJson', 'fromJsonString', 'mergeFromJson', 'mergeFromJsonString', 'enumFromJson', 'isEnumJson'],
    'reflect/reflect-check.js': ['checkField', 'checkListItem', 'checkMapEntry', 'formatVal'],
    'wire/text-format.js': ['parseTextFormatEnumValue', 'parseTextFormatScalarValue'],
  };
  const nameOf = (path: string) => Object.keys(names).find((name) => path.endsWith(`@bufbuild/protobuf/dist/esm/${name}`)) as keyof typeof names | undefined;
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

/** Leaves out vite's loader of sheets and modules that a script needs: there is one sheet, and nothing is loaded
 * before it is asked for. 0.7 KB. */
function withoutPreload(): Plugin {
  return {
    name: 'viva:without-preload',
    apply: 'build',
    enforce: 'pre',
    load: (path) => (path.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load();' : undefined),
  };
}
