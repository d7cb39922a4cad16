import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Message } from './messages.js';

const KILL_AFTER_MS = 5000;

/** A child process that exchanges messages, and is stopped for certain. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #name: string;
  readonly #exited: Promise<unknown>;
  #complaints = '';

  /** `name` is a file of this folder, without its ending. */
  constructor(name: string, env: Record<string, string> = {}) {
    this.#name = name;
    this.#process = fork(fileURLToPath(new URL(`${name}.js`, import.meta.url)), {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#exited = once(this.#process, 'exit');
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-4000);
    });
  }

  send(message: Message): void {
    this.#process.send(message);
  }

  /** The next message of a type; rejects when the process exits first, or the signal is aborted. */
  async next<T extends Message['type']>(type: T, signal: AbortSignal): Promise<Extract<Message, { type: T }>> {
    const gone = this.#exited.then(() => {
      throw new Error(`${this.#name} ended unexpectedly. ${this.#complaints}`);
    });
    for (;;) {
      signal.throwIfAborted();
      const [message] = (await Promise.race([once(this.#process, 'message', { signal }), gone])) as [Message];
      if (message.type === type) return message as Extract<Message, { type: T }>;
    }
  }

  /** Asks the process to end, then makes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), KILL_AFTER_MS);
    await this.#exited;
    clearTimeout(timer);
  }
}
