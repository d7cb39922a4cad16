import type { Probe } from './probe.js';

/** CPU time of the process between two looks, per second: the cores that it keeps busy. */
export function cpuProbe(cpuUsage: () => NodeJS.CpuUsage = () => process.cpuUsage()): Probe<number> {
  let before: { readonly at: number; readonly us: number } | null = null;
  return (now) => {
    const { user, system } = cpuUsage();
    const last = before;
    before = { at: now, us: user + system };
    return last === null || now <= last.at ? null : (before.us - last.us) / 1_000 / (now - last.at);
  };
}
