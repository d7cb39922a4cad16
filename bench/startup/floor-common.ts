import '@nestjs/common';
import { parentPort } from 'node:worker_threads';

parentPort!.postMessage('ready');
parentPort!.on('message', () => undefined);
