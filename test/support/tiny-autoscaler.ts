import type { Decider, Guard } from '../../lib/core/scaling/contract.js';
import { inputOf, type InputParts } from './decision-inputs.js';

export interface Step {
  readonly from: number;
  readonly proposed: number;
  readonly to: number;
  readonly heldBy: string | null;
}

/** signals → decider → guards → applied, and nothing else. */
export class TinyAutoscaler {
  constructor(
    public size: number,
    readonly decider: Decider,
    readonly guards: readonly Guard[],
    readonly bounds: { readonly min: number; readonly max: number } = { min: 1, max: 32 },
  ) {}

  tick(now: number, signals: InputParts['signals'] = {}): Step {
    const from = this.size;
    const input = inputOf({ now, target: from, ...this.bounds, signals });
    const proposal = this.decider.decide(input);
    let target = proposal.target;
    let heldBy: string | null = null;
    for (const guard of this.guards) {
      const verdict = guard.apply({ ...proposal, target }, input);
      target = verdict.target;
      heldBy = verdict.heldBy ?? heldBy;
    }
    this.size = target;
    if (target !== from) for (const guard of this.guards) guard.resized?.(from, target, now);
    return { from, proposed: proposal.target, to: target, heldBy };
  }

  /** Ticks from `start` up to and without `end`; tells the resizes, as `2.0 s: 4 → 6`. */
  run(start: number, end: number, tickMs: number, signalsAt: (now: number) => InputParts['signals']): string[] {
    const resizes: string[] = [];
    for (let now = start; now < end; now += tickMs) {
      const { from, to } = this.tick(now, signalsAt(now));
      if (from !== to) resizes.push(`${(now / 1_000).toFixed(1)} s: ${from} → ${to}`);
    }
    return resizes;
  }
}
