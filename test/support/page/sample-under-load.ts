import { setTimeout as pause } from 'node:timers/promises';
import { SAMPLE_IMAGE, SAMPLE_TABLES } from '../../../sample-app/data-files.js';
import { call, fileForm } from '../../../sample-app/demo/client.js';

/** What the pictures are made of. */
export interface Subject {
  /** Said after the pictures were made. */
  readonly name: string;
  readonly pageUrl: string;
  readonly token: string | null;
  /** Lets work arrive for that long. */
  load(seconds: number): Promise<void>;
  /** Ends the work, and then the application: the page loses its connection. */
  close(): Promise<void>;
}

const TOKEN = 'for-the-pictures';

/** The sample application on a free port, or `null` where it has no page. */
export async function sampleUnderLoad(): Promise<Subject | null> {
  Object.assign(process.env, { HOST: '127.0.0.1', PORT: '0', DYNAMIC_POOL_TOKEN: TOKEN });
  // The settings are read when the module is.
  const { startApp } = await import('../../../sample-app/app.js');
  const app = await startApp();
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const pageUrl = `${url}/pools/ui`;
  if ((await call(pageUrl)).status !== 200) {
    await app.close();
    return null;
  }
  const work = new Work(url);
  return {
    name: 'the sample application under load',
    pageUrl,
    token: TOKEN,
    load: (seconds) => work.run(seconds),
    close: async () => {
      await work.stop();
      await app.close();
    },
  };
}

/** Calls of three kinds: rates in waves with a burst, now and then a picture and a table. */
class Work {
  readonly #image = fileForm(SAMPLE_IMAGE);
  readonly #table = fileForm(SAMPLE_TABLES[0]);
  readonly #open = new Set<Promise<unknown>>();
  #isOn = true;
  #running: Promise<void> = Promise.resolve();

  constructor(readonly url: string) {}

  /** Resolves after that time; the work goes on until `stop()`. */
  async run(seconds: number): Promise<void> {
    this.#running = this.#arrive();
    await pause(seconds * 1000);
  }

  async stop(): Promise<void> {
    this.#isOn = false;
    await this.#running;
    await Promise.all(this.#open);
  }

  async #arrive(): Promise<void> {
    const start = Date.now();
    let due = 0;
    let last = start;
    while (this.#isOn) {
      await pause(20);
      const now = Date.now();
      const second = (now - start) / 1000;
      due += ((now - last) / 1000) * ratesPerSecond(second);
      for (; due >= 1; due -= 1) this.#send(`/rates/${Math.random() < 0.01 ? 'XXX' : 'CHF'}`);
      if (Math.random() < 0.004 * (now - last) * 0.06)
        this.#send('/images/thumbnail?width=320&height=240', this.#image);
      if (Math.random() < 0.001 * (now - last) * 0.06) this.#send('/reports', this.#table);
      last = now;
    }
  }

  #send(path: string, form?: ReturnType<typeof fileForm>): void {
    const sent = call(this.url + path, form);
    this.#open.add(sent);
    void sent.finally(() => this.#open.delete(sent));
  }
}

function ratesPerSecond(second: number): number {
  const wave = 18 + 12 * Math.sin(second / 9);
  return second % 60 > 35 && second % 60 < 45 ? wave + 30 : wave;
}
