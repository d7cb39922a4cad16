import { build } from 'esbuild';

export const options = {
  entryPoints: ['src/main.ts', 'src/pool.worker.ts'],
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  minify: true,
  // Tasks and errors go by the names of their classes.
  keepNames: true,
  // What Nest loads only where it is installed.
  external: ['@nestjs/microservices', '@nestjs/websockets', 'class-validator', 'class-transformer'],
  // Express is CommonJS, and requires what Node brings along.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
};

await build(options);
