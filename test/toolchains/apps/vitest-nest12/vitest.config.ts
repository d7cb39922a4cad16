import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['src/**/*.test.ts'], disableConsoleIntercept: true, testTimeout: 60_000, hookTimeout: 60_000 },
});
