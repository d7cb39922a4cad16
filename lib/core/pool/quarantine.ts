import { createHash } from 'node:crypto';
import { DefaultSerializer } from 'node:v8';
import type { QuarantinedTask, TaskQuarantine } from '../contract/quarantine.js';
import type { Clock } from '../clock.js';
import type { TaskQuarantinedError, WorkerCrashedError } from '../errors.js';
import { requireInteger } from '../validate.js';
import type { EventHub } from './event-hub.js';
import { quarantinedError } from './pool-errors.js';
import type { ResolvedPoolOptions } from './resolve-options.js';

/** A task without a crash for this long has a clean record again, milliseconds. */
const SUSPICION_MS = 600_000;
/** Most records of crashes, and most tasks in quarantine; the oldest goes first. */
const MOST_SUSPECTS = 1_000;
const MOST_QUARANTINED = 1_000;

/** A call, as far as it tells which task it is about. */
interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly settings: { readonly signalArgs: readonly number[] };
  readonly moves?: boolean;
  readonly attempt?: number;
}

interface Suspect {
  readonly name: string;
  crashes: number;
  lastAt: number;
  entry: QuarantinedTask | null;
}

/**
 * Keeps a task from taking one worker after the other: a name with certain arguments that made `afterCrashes` of them exit
 * runs no more until it is released. Arguments are told apart by a hash of their clones, made only for names under suspicion.
 * Where they cannot be told apart (memory that moved or is shared, ports), a call counts for itself, by its attempts.
 *
 * Unknown → (a crash) suspect → (enough crashes) quarantined → (`release`) unknown; suspect → (it completes, or time) unknown.
 */
export class Quarantine implements TaskQuarantine {
  readonly #suspects = new Map<string, Suspect>();
  /** Suspects by the task's name: only these names cost anything. */
  readonly #names = new Map<string, number>();
  #quarantined = 0;
  #nextId = 1;

  constructor(
    readonly options: Pick<ResolvedPoolOptions, 'name' | 'quarantineAfter'>,
    readonly clock: Clock,
    readonly events: EventHub,
  ) {}

  list(): readonly QuarantinedTask[] {
    return [...this.#suspects.values()].flatMap(({ entry }) => entry ?? []).sort((a, b) => a.id - b.id);
  }

  release(id?: number): readonly QuarantinedTask[] {
    if (id !== undefined) {
      requireInteger({ pool: this.options.name, option: 'quarantine.release(id)' }, id, 1, Number.MAX_SAFE_INTEGER);
    }
    const released: QuarantinedTask[] = [];
    for (const [key, { entry }] of Array.from(this.#suspects)) {
      if (!entry || (id !== undefined && entry.id !== id)) continue;
      this.#forget(key);
      released.push(entry);
    }
    released.sort((a, b) => a.id - b.id);
    for (const entry of released) this.events.emit('released', entry);
    return released;
  }

  /** The error for a call that must not run, or `null`. */
  refusal(call: Call): TaskQuarantinedError | null {
    if (!this.#names.has(call.name)) return null;
    const entry = this.#suspects.get(keyOf(call) ?? '')?.entry;
    return entry ? quarantinedError(this.options, entry) : null;
  }

  /** The call cost a worker; its error where that was one too many. */
  blame(call: Call, error: WorkerCrashedError): TaskQuarantinedError | null {
    if (this.options.quarantineAfter === Infinity) return null;
    const now = this.clock.now();
    const key = keyOf(call);
    const { attempt = 1 } = call;
    // Nobody can ask for it again, so there is nothing to remember before it is one too many.
    if (key === null && attempt < this.options.quarantineAfter) return null;
    const suspect = this.#suspectOf(key ?? `#${this.#nextId}`, call.name, now);
    suspect.crashes = key === null ? attempt : suspect.crashes + 1;
    suspect.lastAt = now;
    if (suspect.crashes < this.options.quarantineAfter) return null;
    const { name: task, crashes } = suspect;
    const isNew = suspect.entry === null;
    const [id, since] = suspect.entry ? [suspect.entry.id, suspect.entry.since] : [this.#nextId++, Date.now()];
    suspect.entry = Object.freeze({ id, task, crashes, since, error });
    const { entry } = suspect;
    if (isNew) {
      this.#quarantined++;
      this.events.emit('quarantined', entry);
      if (this.#quarantined > MOST_QUARANTINED) this.release(this.list()[0]!.id);
    }
    return quarantinedError(this.options, entry);
  }

  /** The call completed: whatever it was suspected of, it was another's doing. */
  absolve(call: Call): void {
    if (!this.#names.has(call.name)) return;
    const key = keyOf(call);
    if (key !== null && this.#suspects.get(key)?.entry === null) this.#forget(key);
  }

  #suspectOf(key: string, name: string, now: number): Suspect {
    this.#forgetOld(now);
    const known = this.#suspects.get(key);
    if (known) return known;
    const suspect: Suspect = { name, crashes: 0, lastAt: now, entry: null };
    this.#suspects.set(key, suspect);
    this.#names.set(name, (this.#names.get(name) ?? 0) + 1);
    return suspect;
  }

  #forgetOld(now: number): void {
    let tooMany = this.#suspects.size - this.#quarantined - MOST_SUSPECTS;
    for (const [key, { entry, lastAt }] of Array.from(this.#suspects)) {
      if (entry || (now - lastAt < SUSPICION_MS && tooMany-- <= 0)) continue;
      this.#forget(key);
    }
  }

  #forget(key: string): void {
    const suspect = this.#suspects.get(key);
    if (!suspect) return;
    this.#suspects.delete(key);
    if (suspect.entry) this.#quarantined--;
    const left = this.#names.get(suspect.name)! - 1;
    if (left === 0) this.#names.delete(suspect.name);
    else this.#names.set(suspect.name, left);
  }
}

/** Writes values by what is in them; memory that others may change meanwhile is nothing to go by. */
class ContentSerializer extends DefaultSerializer {
  _getSharedArrayBufferId(): never {
    throw new TypeError('shared memory');
  }
}

/** The same for calls with the same name and equal arguments; `null` where that cannot be told. */
function keyOf(call: Call): string | null {
  if (call.moves) return null;
  const args = [...call.args];
  for (const index of call.settings.signalArgs) args[index] = null;
  try {
    const serializer = new ContentSerializer();
    serializer.writeHeader();
    serializer.writeValue(args);
    return `${call.name} ${createHash('sha256').update(serializer.releaseBuffer()).digest('base64')}`;
  } catch {
    return null;
  }
}
