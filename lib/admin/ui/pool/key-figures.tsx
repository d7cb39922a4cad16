import type { PoolView } from '../../../core/contract/operation.js';
import { count, duration, percent, rate } from '../format.js';
import { Saturation } from '../parts/saturation.js';
import type { Series } from '../state/series.js';

/** The numbers that matter, in large. */
export function KeyFigures(props: { view: PoolView; series: Series }) {
  const { view, series } = props;
  const arrivals = series.column('arrivals').at(-1);
  const isLate = view.objectiveMs !== null && view.wait.p99 > view.objectiveMs;
  const { submitted, completed, failed, cancelled, dropped, refused, crashes, resizes } = view.counters;
  return (
    <section class="panel key-figures" aria-label="Key figures">
      <Saturation busy={view.busy} size={view.size} max={view.max} />
      <dl class="figures">
        <div>
          <dt>Size</dt>
          <dd>
            <b data-field="size">{view.size}</b>
            <small>
              target <span data-field="target">{view.target}</span>, <span data-field="min">{view.min}</span>…{view.max}
              {view.starting > 0 && `, ${view.starting} starting`}
              {view.draining > 0 && `, ${view.draining} draining`}
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
        <div>
          <dt>Arrivals</dt>
          <dd>
            <b>{arrivals === null || arrivals === undefined ? '–' : rate(arrivals)}</b>
            <small>per second</small>
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
          <dt>p50 wait</dt>
          <dd>
            <b data-field="p50">{duration(view.wait.p50)}</b>
            <small>mean {duration(view.wait.mean)}</small>
          </dd>
        </div>
        <div>
          <dt>Oldest waiting</dt>
          <dd>
            <b data-field="oldest">{view.queueDepth === 0 ? '–' : duration(view.wait.oldest)}</b>
          </dd>
        </div>
        <div>
          <dt>p99 service</dt>
          <dd>
            <b data-field="serviceP99">{duration(view.service.p99)}</b>
            <small>mean {duration(view.service.mean)}</small>
          </dd>
        </div>
        <div>
          <dt>Utilization</dt>
          <dd>
            <b data-field="utilization">{percent(view.utilization)}</b>
            <small>
              {view.busy} of {view.live} live
            </small>
          </dd>
        </div>
      </dl>
      <p class="counters">
        <span>
          Submitted <b data-field="submitted">{count(submitted)}</b>
        </span>
        <span>
          completed <b data-field="completed">{count(completed)}</b>
        </span>
        <span>
          failed <b data-field="failed">{count(failed)}</b>
        </span>
        <span>
          cancelled <b>{count(cancelled)}</b>
        </span>
        <span>
          dropped <b>{count(dropped)}</b>
        </span>
        <span>
          refused <b>{count(refused)}</b>
        </span>
        <span>
          crashes <b>{count(crashes)}</b>
        </span>
        <span>
          resizes{' '}
          <b>
            {count(resizes.up)} up, {count(resizes.down)} down
          </b>
        </span>
      </p>
    </section>
  );
}
