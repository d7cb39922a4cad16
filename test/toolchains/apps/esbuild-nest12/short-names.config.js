import { build } from 'esbuild';
import { options } from './esbuild.config.js';

// What must be refused: the application and its worker shorten the names of classes differently.
await build({ ...options, keepNames: false, outdir: 'dist-short' });
