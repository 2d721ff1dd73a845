import { defineConfig } from 'vitest/config';

// The wire from outside: what other people's clients make of viva-web. VIVA_PROGRAMS names the folder
// with the programs.
export default defineConfig({
  test: { environment: 'node', include: ['wire/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
