import { Notice } from '../parts/notice.js';
import { HealthBadge, StateBadge } from '../parts/badges.js';
import { OverrideLine } from '../parts/override-line.js';
import type { AppState } from '../state/app-state.js';
import { Controls } from './controls.js';
import { DryRun } from './dry-run.js';
import { KeyFigures } from './key-figures.js';
import { PolicyPanel } from './policy-panel.js';
import { PoolPlots } from './pool-plots.js';
import { Tasks } from './tasks.js';
import { Timeline } from './timeline.js';
import { Workers } from './workers.js';

/** All there is to know of one pool. `now` is the application's clock. */
export function PoolPage(props: { name: string; state: AppState; now: number; theme: string }) {
  const { state, name, now, theme } = props;
  const entry = state.pools.get(name);
  if (!entry) {
    return (
      <Notice title="No such pool" text={`There is no pool named ${name}.`}>
        <a href="#/">All pools</a>
      </Notice>
    );
  }
  const { view, series } = entry;
  const detail = state.detail?.pool === name ? state.detail : null;
  const isOperator = state.role === 'operator';
  return (
    <article data-pool={name}>
      <div class="title-row">
        <h1>{name}</h1>
        <StateBadge state={view.state} />
        <HealthBadge status={view.health.status} />
        <span class="hint">{view.kind}</span>
      </div>
      {view.health.reasons.length > 0 && (
        <ul class="reasons" data-field="reasons">
          {view.health.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {view.override && <OverrideLine override={view.override} now={now} />}
      <KeyFigures view={view} series={series} />
      <div class="columns">
        <div class="column">
          <PoolPlots view={view} series={series} theme={theme} />
          {detail?.error && <p class="error">Decisions and failures could not be read: {detail.error}</p>}
          <Timeline decisions={detail?.decisions ?? null} now={now} />
        </div>
        <div class="column">
          {isOperator && <Controls view={view} now={now} />}
          <PolicyPanel view={view} now={now} />
          <DryRun view={view} isOperator={isOperator} theme={theme} />
        </div>
      </div>
      <Workers workers={view.workers} notes={detail?.workerNotes ?? []} now={now} />
      <Tasks tasks={view.tasks} failures={detail?.failures ?? null} now={now} />
    </article>
  );
}
