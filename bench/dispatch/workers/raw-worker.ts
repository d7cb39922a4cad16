import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import * as module from '../tasks.js';

const tasks = { ...module };

for (const [name, port] of workerData as Map<keyof typeof tasks, MessagePort>) {
  const task = tasks[name] as (argument: unknown) => unknown;
  const reply = (result: unknown) => port.postMessage(result, result instanceof ArrayBuffer ? [result] : undefined);
  port.on('message', (argument) => {
    const result = task(argument);
    if (result instanceof Promise) void result.then(reply);
    else reply(result);
  });
}
parentPort!.postMessage('ready');
