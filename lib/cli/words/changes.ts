import type { PoolView } from '../../core/contract/operation.js';
import { count, quantity } from '../text/quantities.js';
import { shellWord } from '../text/shell-word.js';
import { pinned, policyName } from './describe.js';

export function scaled(view: PoolView): string {
  return `${view.name}: pinned to ${pinned(view)}.\n${now(view)}Release it with: dynamic-pool auto ${shellWord(view.name)}\n`;
}

export function released(view: PoolView): string {
  const who = view.autoscaler === null ? 'it has no autoscaler, and keeps its target' : 'its autoscaler decides';
  return `${view.name}: not pinned; ${who}.\n${now(view)}`;
}

export function paused(view: PoolView): string {
  return `${view.name}: ${view.state}. Tasks queue, and none starts.\n${now(view)}Go on with: dynamic-pool resume ${shellWord(view.name)}\n`;
}

export function resumed(view: PoolView): string {
  return `${view.name}: ${view.state}. It takes tasks and runs them.\n${now(view)}`;
}

export function drained(view: PoolView): string {
  return `${view.name}: ${view.state}. New tasks are refused, accepted ones finish.\n${now(view)}Reopen it with: dynamic-pool resume ${shellWord(view.name)}\n`;
}

export function policySet(view: PoolView): string {
  return `${view.name}: its policy is ${policyName(view.policy)}, from the next tick on.\n`;
}

function now({ size, target, queueDepth }: PoolView): string {
  return `It has ${count(size, 'worker')} (target ${quantity(target)}), and ${count(queueDepth, 'task')} in the queue.\n`;
}
