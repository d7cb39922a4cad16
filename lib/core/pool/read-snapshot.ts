import type { Override, PoolSnapshot, PoolState, WorkerSnapshot, WorkerState } from '../contract/snapshot.js';
import type { Counters } from './counters.js';
import type { Crew } from './crew.js';
import type { Dispatcher } from './dispatcher.js';
import type { Member } from './member.js';

/** The state of a pool at this instant, frozen all the way down. */
export function readSnapshot(
  state: PoolState,
  override: Override | null,
  crew: Crew,
  dispatcher: Dispatcher,
  counters: Counters,
): PoolSnapshot {
  const { options, clock, roster } = crew;
  const now = clock.now();
  const members = [...roster.members.values()];
  const starting = roster.count((member) => member.state === 'starting');
  const live = members.length - starting;
  const busy = roster.count((member) => member.isBusy);
  const leaving = drainingMembers(crew);
  const { ledger, oldest } = dispatcher;
  return Object.freeze({
    name: options.name,
    kind: options.kind,
    state,
    min: options.min,
    max: options.max,
    target: crew.target,
    size: members.length,
    starting,
    live,
    busy,
    idle: live - busy,
    draining: leaving.size,
    spares: crew.engine.spares ?? 0,
    queueDepth: ledger.depth,
    queueCapacity: options.queueCapacity,
    queuedForMs: ledger.queuedForMs(now),
    noneEndedForMs: ledger.noneEndedForMs(now),
    concurrency: options.concurrency,
    utilization: live === 0 ? 0 : busy / live,
    override,
    counters: counters.read(),
    wait: Object.freeze({ ...ledger.wait.read(now), oldest: oldest ? now - oldest.waitsSince : 0 }),
    service: Object.freeze(ledger.service.read(now)),
    load: ledger.load.read(),
    tasks: ledger.meters.read(),
    workers: Object.freeze(members.map((member) => readWorker(member, leaving, now))),
  });
}

/** Those told to go, and as many of the busy as are more than wanted: whichever of them ends first will leave. */
function drainingMembers(crew: Crew): ReadonlySet<Member> {
  const { members, staff } = crew.roster;
  const told = [...members.values()].filter((member) => member.mustLeave && member.state !== 'starting');
  const surplus = Math.max(0, staff.size - crew.allowed);
  const busy = [...staff].filter((member) => member.isBusy);
  return new Set([...told, ...busy.slice(busy.length - Math.min(surplus, busy.length))]);
}

function readWorker(member: Member, leaving: ReadonlySet<Member>, now: number): WorkerSnapshot {
  const [task] = [...member.tasks, ...member.ghosts.keys()];
  return Object.freeze({
    id: member.id,
    threadId: member.threadId,
    state: workerState(member, leaving),
    task: task?.name ?? null,
    ageMs: now - member.bornAt,
    ...member.worker.vitals(),
  });
}

function workerState(member: Member, leaving: ReadonlySet<Member>): WorkerState {
  if (member.state === 'starting') return 'starting';
  if (leaving.has(member)) return 'draining';
  if (member.isBusy) return 'busy';
  return member.ghosts.size > 0 ? 'aborting' : 'idle';
}
