import type { LoadReport, SecondReport } from '../../lib/simulator/live/index.js';

const ms = (value: number) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;

/** One line for a second that went by. */
export function secondLine({ second, arrived, ok, failed, open, waiting, latency }: SecondReport): string {
  const cells = [
    `${second} s`.padStart(6),
    `due ${arrived}`.padEnd(10),
    `ok ${ok}`.padEnd(9),
    `failed ${failed}`.padEnd(12),
    `open ${open}`.padEnd(10),
    `in line ${waiting}`.padEnd(14),
    ...(latency.max === 0 ? [] : [`p50 ${ms(latency.p50)}`.padEnd(14), `p99 ${ms(latency.p99)}`]),
  ];
  return `${cells.join(' ').trimEnd()}\n`;
}

/** The whole report, for people. */
export function reportText(report: LoadReport, objectiveMs: number | undefined): string {
  const { sent, unsent, ok, failed, byStatus, delayed, injected, latency, late, behindMs } = report;
  const statuses = Object.entries(byStatus).map(([status, count]) => `${status}: ${count}`);
  return `${[
    `${report.shape} against ${report.url}, seed ${report.seed}, ${(report.elapsedMs / 1000).toFixed(1)} s${report.stopped ? ', stopped' : ''}`,
    `  sent     ${sent}, of which ${ok} ok and ${failed} failed (${statuses.join(', ') || 'no answers'})`,
    ...(injected > 0 ? [`  injected ${injected} of those were made to fail`] : []),
    ...(unsent > 0 ? [`  unsent   ${unsent}: never sent, since the run had ended`] : []),
    ...(delayed > 0 ? [`  delayed  ${delayed} found all connections in use, and waited in line`] : []),
    `  latency  mean ${ms(latency.mean)}, p50 ${ms(latency.p50)}, p99 ${ms(latency.p99)}, max ${ms(latency.max)}, from when each was due`,
    ...(late === null
      ? []
      : [`  late     ${(late * 100).toFixed(1)} % took over ${objectiveMs} ms or were not answered`]),
    ...(behindMs > 20
      ? [`  The generator itself was up to ${ms(behindMs)} behind: it shares its cores with the app.`]
      : []),
  ].join('\n')}\n`;
}
