import { describe, expect, it } from 'vitest';
import { ControlLoop } from '../../../../lib/core/scaling/control-loop.js';
import type { PoolReading, ResizePort } from '../../../../lib/core/scaling/contract.js';
import { Pipeline } from '../../../../lib/core/scaling/pipeline.js';
import { buildPolicy } from '../../../../lib/core/scaling/policy.js';
import type { Policy } from '../../../../lib/core/scaling/scaling-options.js';
import { readingOf } from '../../../support/readings.js';
import { VirtualClock } from '../../../support/virtual-clock.js';

/**
 * The preset `course`, the autoscaler of S1 T3, as an application gets it: every 500 ms, above 75 % of the queue two
 * workers more, below 10 % one fewer; at least 2 s between grows, 30 s between shrinks. Here with 2 to 32 workers. All
 * times and sizes below were computed by hand.
 */
class Course implements ResizePort {
  readonly tickMs: number;
  /** Share of the capacity. */
  #queueDepth = 0;
  readonly #clock = new VirtualClock();
  readonly #loop: ControlLoop;

  constructor(
    public size: number,
    policy: Policy = 'course',
  ) {
    const parts = buildPolicy(policy, { pool: 'course' });
    this.tickMs = parts.tickMs;
    const fault = (error: Error) => expect.unreachable(error.message);
    const events = { decision() {}, flapping() {}, fault };
    this.#loop = new ControlLoop(this, this.#clock, events, 'retry', new Pipeline(parts));
    this.#loop.start();
  }

  snapshot(): PoolReading {
    const { size } = this;
    const queueDepth = Math.round(1_000 * this.#queueDepth);
    return readingOf({ min: 2, max: 32, target: size, size, live: size, queueDepth, queueCapacity: 1_000 });
  }

  resize(target: number): void {
    this.size = target;
  }

  tick(now: number, queueDepth: number) {
    this.#clock.compute(now - this.#clock.now());
    this.#queueDepth = queueDepth;
    this.#loop.tick();
    const { from, proposed, to, heldBy } = this.#loop.decisions(1)[0]!;
    expect(this.size).toBe(to);
    return { from, proposed, to, heldBy };
  }

  /** Ticks from `start` up to and without `end`; tells the resizes, as `2.0 s: 4 → 6`. */
  run(start: number, end: number, queueDepthAt: (now: number) => number): string[] {
    const resizes: string[] = [];
    for (let now = start; now < end; now += this.tickMs) {
      const { from, to } = this.tick(now, queueDepthAt(now));
      if (from !== to) resizes.push(`${(now / 1_000).toFixed(1)} s: ${from} → ${to}`);
    }
    return resizes;
  }
}

describe('the preset course, decision by decision (S1 T3, T13; D1, D2, D7)', () => {
  it('grows at once, then every 2 s; shrinks at once, then every 30 s; neither delays the other', () => {
    const autoscaler = new Course(2);
    const table: readonly (readonly [number, number, number, number, number, string | null])[] = [
      // time, queue depth, from, proposed, to, held by
      [0, 0.8, 2, 4, 4, null],
      [500, 0.8, 4, 6, 4, 'cooldown'],
      [1_000, 0.9, 4, 6, 4, 'cooldown'],
      [1_500, 0.9, 4, 6, 4, 'cooldown'],
      [2_000, 0.9, 4, 6, 6, null],
      [2_500, 0.9, 6, 8, 6, 'cooldown'],
      // On the threshold and in the band nothing is proposed.
      [3_000, 0.75, 6, 6, 6, null],
      [3_500, 0.5, 6, 6, 6, null],
      [4_000, 0.1, 6, 6, 6, null],
      // The grow at 2.0 s is over: the next comes at once.
      [4_500, 0.76, 6, 8, 8, null],
      // The first shrink, half a second after a grow: the two cooldowns are apart.
      [5_000, 0.09, 8, 7, 7, null],
      [5_500, 0.0, 7, 6, 7, 'cooldown'],
      [6_000, 0.0, 7, 6, 7, 'cooldown'],
      // A shrink does not delay a grow; the grow at 4.5 s does, until 6.5 s.
      [6_500, 0.8, 7, 9, 9, null],
      [7_000, 0.0, 9, 8, 9, 'cooldown'],
      [34_500, 0.0, 9, 8, 9, 'cooldown'],
      [35_000, 0.0, 9, 8, 8, null],
      [35_500, 0.0, 8, 7, 8, 'cooldown'],
      [64_500, 0.0, 8, 7, 8, 'cooldown'],
      [65_000, 0.0, 8, 7, 7, null],
    ];
    for (const [now, queueDepth, from, proposed, to, heldBy] of table) {
      expect({ now, ...autoscaler.tick(now, queueDepth) }).toEqual({ now, from, proposed, to, heldBy });
    }
  });

  it('goes from its floor to its ceiling in 28 s, and back in 30 shrinks, 30 s apart', () => {
    const autoscaler = new Course(2);
    const grown = autoscaler.run(0, 40_000, () => 0.9);
    expect(grown).toHaveLength(15);
    expect(grown[0]).toBe('0.0 s: 2 → 4');
    expect(grown[1]).toBe('2.0 s: 4 → 6');
    expect(grown.at(-1)).toBe('28.0 s: 30 → 32');
    expect(autoscaler.tick(40_000, 0.9)).toEqual({ from: 32, proposed: 34, to: 32, heldBy: 'max 32' });

    const shrunk = autoscaler.run(40_500, 1_000_000, () => 0);
    expect(shrunk).toHaveLength(30);
    expect(shrunk[0]).toBe('40.5 s: 32 → 31');
    expect(shrunk[1]).toBe('70.5 s: 31 → 30');
    expect(shrunk.at(-1)).toBe('910.5 s: 3 → 2');
    expect(autoscaler.tick(1_000_000, 0)).toEqual({ from: 2, proposed: 1, to: 2, heldBy: 'min 2' });
  });

  it('takes half a step to its ceiling from an odd size', () => {
    expect(new Course(31).tick(0, 0.9)).toEqual({ from: 31, proposed: 33, to: 32, heldBy: 'max 32' });
  });

  it('does not flap under a queue that swings within the band (S0 B4)', () => {
    expect(new Course(8).run(0, 600_000, (now) => ((now / 500) % 2 === 0 ? 0.74 : 0.11))).toEqual([]);
  });

  it('grows by 10 in 10 s of high load, not by 40 as without cooldowns (S0 B5, B10)', () => {
    const autoscaler = new Course(2);
    autoscaler.run(0, 10_000, () => 1);
    expect(autoscaler.size).toBe(12);
  });

  it('with a seeded cooldown beside its own, waits a cooldown before the first resize (S0 B14)', () => {
    const seeded: Policy = {
      preset: 'course',
      guards: [{ type: 'cooldown', upMs: 2_000, downMs: 30_000, seeded: true }],
    };
    expect(new Course(4, seeded).run(0, 5_000, () => 0.9)).toEqual(['2.0 s: 4 → 6', '4.0 s: 6 → 8']);
    expect(new Course(4, seeded).run(0, 35_000, () => 0)).toEqual(['30.0 s: 4 → 3']);
  });

  it('stays at its floor however long nothing happens (S0 B2)', () => {
    const autoscaler = new Course(3);
    expect(autoscaler.run(0, 3_600_000, () => 0)).toEqual(['0.0 s: 3 → 2']);
    expect(autoscaler.size).toBe(2);
  });
});
