import { workerData } from 'node:worker_threads';
import type { BirthCertificate } from '../thread/protocol.js';
import { loadFile } from '../thread/load-file.js';
import { WORKER_MARK } from '../worker-mark.js';
import { installTypeScript } from './install.js';

// The first file of a thread whose code is TypeScript; threads whose code is JavaScript never load it.
installTypeScript(new URL('./esm-loader-hooks.js', import.meta.url));
const { entry } = (workerData as Record<typeof WORKER_MARK, BirthCertificate>)[WORKER_MARK];
if (entry !== undefined) await loadFile(entry);
