import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { LONGEST_DELAY_MS, systemClock, type Timer } from '../core/clock.js';
import type { Override } from '../core/contract/snapshot.js';
import type { ManagedPool } from '../core/pool/managed-pool.js';
import { requireDuration, requireInteger, requireObject } from '../core/validate.js';
import { readContentSync } from './file-content.js';

/** After a pin has run out, milliseconds, it is taken out of the file. */
const AFTER_EXPIRY_MS = 100;
const VERSION = 1;

/**
 * Sizes that people pinned, in a file, so that they outlive the process. The file is there while something is pinned;
 * it is written beside its place and renamed, so that nobody ever reads half of it.
 *
 * `restore()` at the start, `save()` after each change, `stop()` before the pools close.
 */
export class KeptOverrides {
  #written: string | null = null;
  #expiry: Timer | null = null;
  #hasFailed = false;
  #isStopped = false;

  constructor(
    readonly file: string,
    readonly pools: ReadonlyMap<string, ManagedPool>,
    readonly warn: (message: string) => void,
  ) {}

  /** Pins again what has not run out and still fits; the rest is warned of, and forgotten. Resolves when all sizes have followed. */
  async restore(): Promise<void> {
    const pinning: Promise<void>[] = [];
    for (const [name, entry] of Object.entries(this.#read())) {
      const until = (entry as Partial<Override> | null)?.until;
      if (typeof until === 'number' && until <= Date.now()) continue;
      pinning.push(this.#pin(name, entry));
    }
    this.save();
    await Promise.all(pinning);
    this.save();
  }

  /** Writes down what is pinned now. */
  save(): void {
    if (this.#isStopped) return;
    const overrides = [...this.pools].flatMap(([name, pool]) => {
      const { override, state } = pool.snapshot();
      return override && state !== 'closed' ? [[name, override] as const] : [];
    });
    this.#awaitExpiry(overrides.map(([, { until }]) => until ?? Infinity));
    const text = overrides.length === 0 ? '' : told(Object.fromEntries(overrides));
    if (text === this.#written) return;
    try {
      if (text === '') rmSync(this.file, { force: true });
      else writeAtomically(this.file, text);
      this.#written = text;
    } catch (error) {
      this.#warnOnce(`overrides cannot be kept in ${this.file} and will not survive a restart: ${reasonOf(error)}`);
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#expiry?.cancel();
  }

  #read(): Readonly<Record<string, unknown>> {
    const content = readContentSync(this.file);
    if ('problem' in content) {
      if (content.problem !== 'there is no such file.') this.warn(`${this.file} is ignored: ${content.problem}`);
      return {};
    }
    this.#written = content.text;
    try {
      const { version, overrides } = requireObject({ option: 'the file' }, JSON.parse(content.text));
      if (version !== VERSION) throw new Error(`its version is not ${VERSION}`);
      return requireObject({ option: 'overrides' }, overrides);
    } catch (error) {
      this.warn(`${this.file} is ignored, and its overrides are lost: ${reasonOf(error)}`);
      return {};
    }
  }

  async #pin(name: string, entry: unknown): Promise<void> {
    try {
      const pool = this.pools.get(name);
      if (!pool) throw new Error('there is no such pool any more');
      const { size, owner, reason, until } = requireObject({ pool: name, option: 'the override' }, entry);
      requireInteger({ pool: name, option: 'size' }, size, 1, Number.MAX_SAFE_INTEGER);
      if (typeof owner !== 'string' || typeof reason !== 'string') throw new Error('it lacks owner or reason');
      const forMs =
        until === null ? undefined : requireDuration({ pool: name, option: 'until' }, Number(until) - Date.now());
      await pool.pin(size as number, { owner, reason, forMs });
    } catch (error) {
      // It stays written down, for the next start.
      if (this.#isStopped) return;
      this.warn(`the override of pool '${name}' in ${this.file} is dropped: ${reasonOf(error)}`);
    }
  }

  #awaitExpiry(ends: readonly number[]): void {
    this.#expiry?.cancel();
    const delay = Math.min(...ends) - Date.now() + AFTER_EXPIRY_MS;
    this.#expiry =
      delay === Infinity
        ? null
        : systemClock.schedule(Math.max(AFTER_EXPIRY_MS, Math.min(delay, LONGEST_DELAY_MS)), () => this.save());
  }

  #warnOnce(message: string): void {
    if (!this.#hasFailed) this.warn(message);
    this.#hasFailed = true;
  }
}

function told(overrides: Readonly<Record<string, Override>>): string {
  return `${JSON.stringify({ version: VERSION, overrides }, null, 2)}\n`;
}

function writeAtomically(file: string, text: string): void {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    const handle = openSync(beside, 'w', 0o600);
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
