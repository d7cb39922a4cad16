import type { Decision } from '../core/scaling/contract.js';
import type { ControlLoop } from '../core/scaling/control-loop.js';

/** Decisions of a simulated loop, all of them, by the time of the simulation; the loop's own log keeps the latest only. */
export class DecisionRecord {
  readonly all: Decision[] = [];

  /** Something new was decided. */
  add(decision: Decision, now: number): void {
    this.all.push({ ...decision, at: now, lastAt: now });
  }

  /** The loop has ticked: where it said the same again, the last decision has been repeated. */
  repeat(loop: ControlLoop, now: number): void {
    const last = this.all.at(-1);
    const [latest] = loop.decisions(1);
    if (last === undefined || latest?.seq !== last.seq || latest.repeated === last.repeated) return;
    this.all[this.all.length - 1] = { ...last, repeated: latest.repeated, lastAt: now };
  }
}
