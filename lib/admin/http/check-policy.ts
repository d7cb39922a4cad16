import type { Policy } from '../../core/scaling/scaling-options.js';
import { requireBody, requireJsonObject, requireKeys, type JsonObject } from './check-input.js';
import { refused } from './refused.js';

const POLICY_KEYS = ['preset', 'signals', 'decider', 'guards', 'forecast'];

/** Entries of a schedule: two for each day of the week, with room for seasons. */
const MOST_TIMES = 50;

/** A policy that somebody sent: what `PoolService.setPolicy` says of it is still to be heard. */
export interface PolicyRequest {
  readonly policy: Policy;
  readonly reason: unknown;
  readonly owner: unknown;
}

/**
 * The body of `PATCH /pools/:name/policy`: the policy itself, or `{ policy, reason?, owner? }`.
 * @throws Refused 422
 */
export function requirePolicyRequest(body: unknown): PolicyRequest {
  const given = requireJsonObject(body);
  if (Object.hasOwn(given, 'policy')) {
    const { policy, reason, owner } = requireBody(given, ['policy', 'reason', 'owner']);
    return { policy: requirePolicy(policy), reason, owner };
  }
  return { policy: requirePolicy(given), reason: undefined, owner: undefined };
}

/** @throws Refused 422 */
export function requirePolicy(given: unknown): Policy {
  if (typeof given === 'string') return given as Policy;
  const policy = requireJsonObject(given);
  if (Object.keys(policy).length === 0)
    throw refused(422, 'the policy is empty. Name a preset, as in { "preset": "thrifty" }.');
  requireKeys('the policy', Object.keys(policy), POLICY_KEYS);
  refuseAddresses(policy);
  refuseLongSchedules(policy);
  return policy as Policy;
}

/** Whoever may change a policy may not thereby make this process call an address of their choice. */
function refuseAddresses(part: JsonObject): void {
  if (part['type'] === 'prometheus') {
    throw refused(
      422,
      "a signal of type 'prometheus' cannot be set over HTTP, since this process would call the address that it names. Set it in the code of the application.",
    );
  }
  for (const inner of Object.values(part)) {
    if (typeof inner === 'object' && inner !== null) refuseAddresses(inner as JsonObject);
  }
}

/** Times that come seldom take a millisecond each to be found, on this thread: a full body of them would stop it for a third of a second. */
function refuseLongSchedules({ forecast }: JsonObject): void {
  const { entries } = (typeof forecast === 'object' && forecast !== null ? forecast : {}) as { entries?: unknown };
  if (!Array.isArray(entries) || entries.length <= MOST_TIMES) return;
  throw refused(
    422,
    `the policy's schedule has ${entries.length} entries, but over HTTP it may have ${MOST_TIMES} at most. Set a longer one in the code of the application.`,
  );
}
