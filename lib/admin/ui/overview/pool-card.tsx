import { count, duration } from '../format.js';
import { HealthBadge, StateBadge } from '../parts/badges.js';
import { OverrideLine } from '../parts/override-line.js';
import { Saturation } from '../parts/saturation.js';
import { Sparkline } from '../parts/sparkline.js';
import type { PoolEntry } from '../state/app-state.js';
import { linkTo } from '../state/route.js';

/** One pool at a glance. */
export function PoolCard(props: { entry: PoolEntry; now: number }) {
  const { view, series } = props.entry;
  const isLate = view.objectiveMs !== null && view.wait.p99 > view.objectiveMs;
  return (
    <li class={`card card-${view.health.status}`} data-pool={view.name}>
      <div class="card-head">
        <h2>
          <a href={linkTo(view.name)}>{view.name}</a>
        </h2>
        <StateBadge state={view.state} />
        <HealthBadge status={view.health.status} />
      </div>
      <Sparkline
        series={series}
        max={view.max}
        now={props.now}
        label={`Busy workers and size over the last two minutes; now ${view.busy} and ${view.size}`}
      />
      <Saturation busy={view.busy} size={view.size} max={view.max} />
      <dl class="figures">
        <div>
          <dt>Size</dt>
          <dd>
            <b data-field="size">{view.size}</b>
            <small>
              target <span data-field="target">{view.target}</span>, {view.min}…{view.max}
            </small>
          </dd>
        </div>
        <div>
          <dt>Queue</dt>
          <dd>
            <b data-field="queueDepth">{count(view.queueDepth)}</b>
            <small>of {count(view.queueCapacity)}</small>
          </dd>
        </div>
        <div class={isLate ? 'is-late' : ''}>
          <dt>p99 wait</dt>
          <dd>
            <b data-field="p99">{duration(view.wait.p99)}</b>
            <small>{view.objectiveMs === null ? 'no objective' : `objective ${duration(view.objectiveMs)}`}</small>
          </dd>
        </div>
        <div>
          <dt>Oldest waiting</dt>
          <dd>
            <b data-field="oldest">{view.queueDepth === 0 ? '–' : duration(view.wait.oldest)}</b>
          </dd>
        </div>
      </dl>
      {view.override && <OverrideLine override={view.override} now={props.now} />}
      {view.health.reasons.length > 0 && (
        <ul class="reasons" data-field="reasons">
          {view.health.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </li>
  );
}
