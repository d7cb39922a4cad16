import { watch, type FSWatcher } from 'node:fs';
import path from 'node:path';
import { systemClock, type Clock, type Timer } from '../core/clock.js';
import { isSameContent, readContent, type FileContent } from './file-content.js';

/** The file is read this often, milliseconds, whatever the file system says of changes. */
const POLL_MS = 1_000;
/** From a hint of the file system to the look: editors write in several steps. */
const HINT_MS = 30;
/** A new content counts when it has stood for this long: until then somebody may still be writing. */
const SETTLE_MS = 60;

/**
 * Tells what a file contains, as often as that changes. It is read once a second and compared, which sees any way of
 * changing it (in place, by a rename, by another target of a symbolic link on the way, as Kubernetes swaps a ConfigMap);
 * what the file system tells of the directory only makes that look come sooner.
 *
 * `new` → `watching` → `stopped`. Holds no process open.
 */
export class FileWatch {
  #seen!: FileContent;
  #poll: Timer | null = null;
  #hint: Timer | null = null;
  #watcher: FSWatcher | null = null;
  #isLooking = false;
  #mustLookAgain = false;
  #isStopped = false;

  constructor(
    readonly file: string,
    readonly onContent: (content: FileContent) => void,
    readonly clock: Clock = systemClock,
  ) {}

  /** `seen` is what was read before, and is not told again. */
  start(seen: FileContent): void {
    if (this.#poll || this.#isStopped) return;
    this.#seen = seen;
    this.#poll = this.clock.every(POLL_MS, () => this.#onPoll());
    this.#onPoll();
  }

  stop(): void {
    this.#isStopped = true;
    this.#poll?.cancel();
    this.#hint?.cancel();
    this.#watcher?.close();
    this.#watcher = null;
  }

  #onPoll(): void {
    this.#watcher ??= this.#watchFolder();
    void this.#look();
  }

  /** `null` where that cannot be had: no such directory yet, or no watches left. */
  #watchFolder(): FSWatcher | null {
    try {
      const watcher = watch(path.dirname(this.file), { persistent: false }, () => this.#onHint());
      watcher.on('error', () => {
        watcher.close();
        if (this.#watcher === watcher) this.#watcher = null;
      });
      return watcher;
    } catch {
      return null;
    }
  }

  #onHint(): void {
    if (this.#isStopped) return;
    this.#hint?.cancel();
    this.#hint = this.clock.schedule(HINT_MS, () => void this.#look());
  }

  async #look(): Promise<void> {
    this.#mustLookAgain = this.#isLooking;
    if (this.#isLooking) return;
    this.#isLooking = true;
    let content = await readContent(this.file);
    while (!this.#isStopped && !isSameContent(content, this.#seen)) {
      await this.#after(SETTLE_MS);
      const again = await readContent(this.file);
      if (isSameContent(content, again)) this.#tell(content);
      content = again;
    }
    this.#isLooking = false;
    if (this.#mustLookAgain) await this.#look();
  }

  #tell(content: FileContent): void {
    if (this.#isStopped) return;
    this.#seen = content;
    this.onContent(content);
  }

  #after(ms: number): Promise<void> {
    return new Promise((resolve) => void this.clock.schedule(ms, resolve));
  }
}
