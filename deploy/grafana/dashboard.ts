import { DashboardBuilder, DashboardCursorSync, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { load, scaling } from './rows/one-pool.js';
import { overview } from './rows/overview.js';
import { variables } from './variables.js';

/** All pools at a glance, and below a row for each one that is chosen. */
export function buildDashboard(): Dashboard {
  const builder = new DashboardBuilder('Dynamic pools')
    .uid('dynamic-pools')
    .description('Pools of workers that size themselves: load, waits, sizes and why they change. docs/operations.md')
    .tags(['nestjs-dynamic-pool'])
    .timezone('browser')
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .variables(variables())
    .withRow(new RowBuilder('All pools'));
  // Numbered, so that links to a panel outlive an import.
  let id = 0;
  for (const panel of overview()) builder.withPanel(panel.id(++id));
  builder.withRow(new RowBuilder('Pool $pool').repeat('pool'));
  for (const panel of [...load(), ...scaling()]) builder.withPanel(panel.id(++id));
  return builder.build();
}

/** The file as it is committed. */
export function dashboardFile(): string {
  return `${JSON.stringify(buildDashboard(), null, 2)}\n`;
}
