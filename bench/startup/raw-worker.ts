import { parentPort } from 'node:worker_threads';

export function work(): void {}

parentPort!.postMessage('ready');
parentPort!.on('message', work);
