const { buildSync } = require('esbuild');

buildSync({
  // What tsc has written: it emits the types of constructor parameters, esbuild does not.
  entryPoints: ['build/main.js', 'build/pool.worker.js'],
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  keepNames: true,
  external: [
    '@nestjs/microservices',
    '@nestjs/microservices/*',
    '@nestjs/websockets',
    '@nestjs/websockets/*',
    'class-validator',
    'class-transformer',
  ],
});
