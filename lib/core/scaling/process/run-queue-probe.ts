import type { FileReader } from '../../files.js';
import type { Probe } from './probe.js';

const TASKS = '/proc/self/task';

/**
 * Seconds per second that the threads of this process were ready to run and had no core, between two looks: field 2 of
 * each thread's `schedstat`, nanoseconds (kernel, scheduler/sched-stats, "/proc/<pid>/schedstat"). Near 0 while there
 * are cores enough, and about the number of threads too many once there are not. The best sign of too many threads on
 * Linux; `null` where the kernel does not tell, and elsewhere.
 */
export function runQueueProbe(files: FileReader): Probe<number> {
  let before: { readonly at: number; readonly waits: ReadonlyMap<string, number> } | null = null;
  return (now) => {
    const waits = readWaits(files);
    const last = before;
    before = waits === null ? null : { at: now, waits };
    if (waits === null || last === null || now <= last.at) return null;
    let waitedNs = 0;
    for (const [thread, wait] of waits) {
      // A thread that was not there, or whose number belongs to a new one, has waited all of it since.
      const earlier = last.waits.get(thread) ?? 0;
      waitedNs += wait < earlier ? wait : wait - earlier;
    }
    return waitedNs / 1e6 / (now - last.at);
  };
}

/** Nanoseconds that each thread has waited; `null` where that is not recorded. */
function readWaits(files: FileReader): ReadonlyMap<string, number> | null {
  const waits = new Map<string, number>();
  let isRecorded = false;
  for (const thread of files.list(TASKS) ?? []) {
    // The thread may have ended meanwhile.
    const [ran, wait] = (files.read(`${TASKS}/${thread}/schedstat`) ?? '').split(' ').map(Number);
    if (ran === undefined || wait === undefined || !Number.isFinite(wait)) continue;
    if (ran > 0) isRecorded = true;
    waits.set(thread, wait);
  }
  return isRecorded ? waits : null;
}
