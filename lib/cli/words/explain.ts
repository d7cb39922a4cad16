import type { PoolView } from '../../core/contract/operation.js';
import type { Decision } from '../../core/scaling/contract.js';
import { ago, clockTime, count, duration, left, quantity } from '../text/quantities.js';
import { shellWord } from '../text/shell-word.js';
import { policyName } from './describe.js';
import { heldInWords } from './held-by.js';

/** Why the size of a pool is what it is. `decisions`: newest first. */
export function explained(view: PoolView, decisions: readonly Decision[]): string {
  return [standing(view), ...(lifeOf(view) ?? []), reasonForSize(view, decisions), ...trouble(view)].join(' ');
}

/** One decision in words. `now`: milliseconds since the epoch, as the application has it. */
export function decisionInWords(decision: Decision, now: number): string {
  const { at, reason, repeated, lastAt } = decision;
  const signals = Object.entries(decision.signals).map(([name, value]) => `${name} ${quantity(value)}`);
  return [
    `${clockTime(at, now)}, ${ago(at, now)}: ${deed(decision)}.`,
    `Why: ${sentence(reason)}`,
    ...(signals.length > 0 ? [`Signals: ${signals.join(', ')}.`] : []),
    ...(repeated > 0 ? [`The same ${count(repeated, 'time')} more since, the last ${ago(lastAt, now)}.`] : []),
  ].join(' ');
}

/** `grew from 2 to 4`, with what it wanted, and what held it, where that differs. */
export function deed({ from, proposed, to, heldBy }: Decision): string {
  const done =
    to === from
      ? `stayed at ${quantity(to)}`
      : `${to > from ? 'grew' : 'shrank'} from ${quantity(from)} to ${quantity(to)}`;
  if (heldBy === null) return done;
  const wish = proposed === to ? '' : `, though ${quantity(proposed)} was proposed`;
  return `${done}${wish}: ${heldInWords(heldBy)}`;
}

function standing({ name, size, target, min, max, starting, busy, queueDepth }: PoolView): string {
  const wanted =
    size === target
      ? 'as many as wanted'
      : `${quantity(target)} wanted${starting > 0 ? `, ${quantity(starting)} starting` : ''}`;
  return `${name} has ${count(size, 'worker')} (${wanted}; ${quantity(min)} to ${quantity(max)} are allowed), of which ${quantity(busy)} ${busy === 1 ? 'is' : 'are'} busy; ${count(queueDepth, 'task')} ${queueDepth === 1 ? 'waits' : 'wait'}.`;
}

function lifeOf({ state, name }: PoolView): string[] | null {
  if (state === 'paused') return [`It is paused: no task starts until dynamic-pool resume ${shellWord(name)}.`];
  if (state === 'draining')
    return [`It is draining: new tasks are refused until dynamic-pool resume ${shellWord(name)}.`];
  if (state === 'closed') return ['It is closed, for good.'];
  return null;
}

function reasonForSize(view: PoolView, decisions: readonly Decision[]): string {
  const { name, override, policy, objectiveMs, autoscaler, target, at } = view;
  if (override !== null) {
    const { size, owner, reason, until } = override;
    const end =
      until === null
        ? `until dynamic-pool auto ${shellWord(name)}`
        : `for another ${left(until, at)}, until ${clockTime(until, at)}`;
    return `${owner} pinned the size to ${quantity(size)} ${end}. Reason: ${sentence(reason)} Meanwhile its autoscaler changes nothing.`;
  }
  if (autoscaler === null) return 'It has no autoscaler: its size is what somebody set it to.';
  const by = `Its autoscaler goes by the policy ${policyName(policy)}${objectiveMs === null ? '' : `, so that 99 of 100 tasks wait no longer than ${duration(objectiveMs)}`}.`;
  const resize = decisions.find(({ from, to }) => from !== to);
  if (resize === undefined)
    return `${by} It has not resized the pool of late: the target of ${quantity(target)} is older, or somebody else set it.`;
  const told = `${by} Its latest resize, ${ago(resize.at, at)}: ${deed(resize)}. Why: ${sentence(resize.reason)}`;
  return resize.to === target ? told : `${told} Since then somebody else set the target to ${quantity(target)}.`;
}

function trouble({ autoscaler, name }: PoolView): string[] {
  if (autoscaler === null) return [];
  const { state, lastFault, faults, isFlapping } = autoscaler;
  const cause = lastFault === null ? '' : `: ${lastFault}`;
  const standstill: Readonly<Record<string, string>> = {
    stopped: 'Its autoscaler has no ticks any more: nothing keeps the size right.',
    frozen: `Its autoscaler stands still after a fault${sentence(cause)} Set the policy again: dynamic-pool policy ${shellWord(name)} --set PRESET.`,
    retrying: `Its autoscaler failed (${count(faults, 'fault')}) and tries again${sentence(cause)}`,
  };
  return [
    ...(Object.hasOwn(standstill, state) ? [standstill[state]!] : []),
    ...(isFlapping ? ['It went up and down too often of late, so it does not shrink for a minute.'] : []),
  ];
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
