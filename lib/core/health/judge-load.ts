import { finding, type HealthFinding } from './finding.js';
import type { HealthCheckName, ResolvedHealthOptions } from './health-options.js';
import type { HealthEvidence } from './judge-health.js';

/** One check: what is wrong, in words, or `null`. */
type Check = (evidence: HealthEvidence, options: ResolvedHealthOptions) => string | null;

const CHECKS: readonly (readonly [HealthCheckName, Check])[] = [
  ['stalled', stalled],
  ['crashLoop', crashLoop],
  ['queue', fullQueue],
  ['wait', longWait],
  ['atMax', longAtMax],
];

/** Whether a pool gets its work done. */
export function judgeLoad(evidence: HealthEvidence, options: ResolvedHealthOptions): HealthFinding[] {
  return CHECKS.flatMap(([name, check]) => {
    const reason = check(evidence, options);
    return reason === null ? [] : finding(name, options.means, reason);
  });
}

function stalled({ snapshot, history }: HealthEvidence, { stalledAfterMs }: ResolvedHealthOptions): string | null {
  const { live, busy, queueDepth, noneEndedForMs, state } = snapshot;
  if (stalledAfterMs === null || live === 0 || state === 'paused') return null;
  const forMs = Math.min(noneEndedForMs, history.flowingForMs);
  if (forMs < stalledAfterMs) return null;
  return `no task has ended for ${span(forMs)}, with ${counted(busy, 'worker')} busy and ${counted(queueDepth, 'task')} waiting`;
}

function crashLoop({ history }: HealthEvidence, { crashLoop: loop }: ResolvedHealthOptions): string | null {
  if (loop === null) return null;
  const crashes = history.crashAgesMs.filter((ageMs) => ageMs <= loop.withinMs).length;
  return crashes < loop.crashes ? null : `${counted(crashes, 'worker')} crashed within ${span(loop.withinMs)}`;
}

function fullQueue({ snapshot }: HealthEvidence, { maxQueueRatio }: ResolvedHealthOptions): string | null {
  const { queueDepth, queueCapacity } = snapshot;
  // A queue without room holds nothing, and is never full.
  if (maxQueueRatio === null || queueDepth === 0 || queueDepth < maxQueueRatio * queueCapacity) return null;
  const percent = Math.round((100 * queueDepth) / queueCapacity);
  return `its queue is ${percent} % full: ${counted(queueDepth, 'task')} of at most ${grouped(queueCapacity)}`;
}

function longWait({ snapshot }: HealthEvidence, { maxP99WaitMs }: ResolvedHealthOptions): string | null {
  const { wait, state } = snapshot;
  if (maxP99WaitMs === null) return null;
  if (wait.p99 > maxP99WaitMs) return `the p99 of its wait is ${ms(wait.p99)}, above ${ms(maxP99WaitMs)}`;
  // Where none starts there is no p99. A pause makes tasks wait by intent.
  if (state === 'paused' || wait.oldest <= maxP99WaitMs) return null;
  return `the next task has waited for ${ms(wait.oldest)}, above ${ms(maxP99WaitMs)}`;
}

function longAtMax({ snapshot, history }: HealthEvidence, { maxAtMaxMs }: ResolvedHealthOptions): string | null {
  const { target, max, queuedForMs, state } = snapshot;
  if (maxAtMaxMs === null || target < max || state === 'paused') return null;
  const forMs = Math.min(queuedForMs, history.sameTargetForMs, history.flowingForMs);
  if (forMs < maxAtMaxMs) return null;
  return `it has stood at its maximum of ${counted(max, 'worker')} for ${span(forMs)}, and tasks waited all that time`;
}

function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;
}

function ms(value: number): string {
  return `${grouped(Math.round(value))} ms`;
}

/** `45 s`, `6 min`: rounded down, so that nothing is told that has not been. */
function span(value: number): string {
  if (value < 1_000) return ms(value);
  return value < 120_000 ? `${Math.floor(value / 1_000)} s` : `${Math.floor(value / 60_000)} min`;
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
