import type { Clock, Timer } from '../clock.js';
import { AbortWatch } from './abort-watch.js';
import type { CallSettings, TaskRequest } from './task.js';

interface Guest {
  readonly settings: CallSettings;
  readonly admit: () => void;
  readonly turnAway: (reason: unknown) => void;
}

/**
 * Callers that wait for room in a full queue, first come first served. They are not submitted yet: a deadline, an
 * abort or a close turns them away, and no counter ever knew of them.
 */
export class Lobby {
  readonly #guests = new Set<Guest>();
  readonly #aborts = new AbortWatch<Guest>((guest, reason) => guest.turnAway(reason));

  constructor(
    readonly clock: Clock,
    readonly submit: (request: TaskRequest) => Promise<unknown>,
  ) {}

  get isEmpty(): boolean {
    return this.#guests.size === 0;
  }

  /** Waits for room, at most `ms`, then rejects with what `late` makes. */
  enter<R>(request: TaskRequest, ms: number | null, late: () => unknown): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      let timer: Timer | null = null;
      const leave = () => {
        this.#guests.delete(guest);
        timer?.cancel();
        this.#aborts.delete(guest);
      };
      const guest: Guest = {
        settings: request.settings,
        admit: () => {
          leave();
          resolve(this.submit(request) as Promise<R>);
        },
        turnAway: (reason) => {
          leave();
          reject(reason);
        },
      };
      this.#guests.add(guest);
      this.#aborts.add(guest);
      if (ms !== null) timer = this.clock.schedule(ms, () => guest.turnAway(late()), { keepAlive: true });
    });
  }

  /** Lets in as many as there is room for. */
  admit(hasRoom: () => boolean): void {
    for (const guest of this.#guests) {
      if (!hasRoom()) return;
      // The abort that turns it away next may have made the room.
      const aborted = guest.settings.signals.find((signal) => signal.aborted);
      if (aborted) guest.turnAway(aborted.reason);
      else guest.admit();
    }
  }

  turnAllAway(reason: unknown): void {
    for (const guest of Array.from(this.#guests)) guest.turnAway(reason);
  }
}
