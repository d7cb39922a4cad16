import { once } from 'node:events';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { Contender } from './contender.js';
import * as tasks from '../tasks.js';

/**
 * No pool, only the messages: each thread has a port per task, so that a message is nothing but one argument, and its
 * reply nothing but the result. Calls go round the threads; answers come back in order.
 */
export async function startRaw(threads: number): Promise<Contender> {
  const lanes = await Promise.all(Array.from({ length: threads }, startThread));
  return {
    task: (name) => {
      let turn = 0;
      const ports = lanes.map((lane) => lane.get(name)!);
      const moves = name === 'exchange';
      return (argument: never) => ports[turn++ % threads]!.call(argument, moves ? [argument] : undefined);
    },
  };
}

async function startThread(): Promise<Map<string, Lane>> {
  const lanes = new Map<string, Lane>();
  const ports = new Map<string, MessagePort>();
  for (const name of Object.keys(tasks)) {
    const { port1, port2 } = new MessageChannel();
    lanes.set(name, new Lane(port1));
    ports.set(name, port2);
  }
  const worker = new Worker(new URL('../workers/raw-worker.js', import.meta.url), {
    workerData: ports,
    transferList: [...ports.values()],
  });
  await once(worker, 'message');
  return lanes;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  after: Waiting | null;
}

/** One port: whoever called first is answered first. */
class Lane {
  readonly #port: MessagePort;
  #first: Waiting | null = null;
  #last: Waiting | null = null;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (result) => this.#answer(result));
  }

  call(argument: unknown, transfer: readonly ArrayBuffer[] | undefined): Promise<unknown> {
    return new Promise((resolve) => {
      const waiting: Waiting = { resolve, after: null };
      if (this.#last) this.#last.after = waiting;
      else this.#first = waiting;
      this.#last = waiting;
      this.#port.postMessage(argument, transfer);
    });
  }

  #answer(result: unknown): void {
    const { resolve, after } = this.#first!;
    this.#first = after;
    if (!after) this.#last = null;
    resolve(result);
  }
}
