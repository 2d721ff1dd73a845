import { defineConfig } from 'vitest/config';

// Other people's clients on viva-web. VIVA_PROGRAMS names the folder with the programs.
export default defineConfig({
  test: { environment: 'node', include: ['wire/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
