import { useState } from 'preact/hooks';
import type { PoolView } from '../../../core/contract/operation.js';
import { count, duration, rate } from '../format.js';
import type { Series } from '../state/series.js';
import { Plot } from './plot.js';

const SPANS = [2, 5, 10] as const;

/** Load and size, the queue, and waits against the objective. */
export function PoolPlots(props: { view: PoolView; series: Series; theme: string }) {
  const [minutes, setMinutes] = useState<number>(5);
  const { view, series, theme } = props;
  const at = series.column('at');
  const to = at.at(-1) ?? view.at;
  const span = { at, from: to - minutes * 60_000, to, theme, group: `pool-${view.name}` };
  const objective = view.objectiveMs;
  return (
    <section class="panel" aria-labelledby="plots">
      <div class="panel-head">
        <h2 id="plots">Load and size</h2>
        <div class="segments" role="group" aria-label="Time shown">
          {SPANS.map((each) => (
            <button key={each} aria-pressed={each === minutes} onClick={() => setMinutes(each)}>
              {each} min
            </button>
          ))}
        </div>
      </div>
      <Plot
        {...span}
        title="Workers, and arrivals per second (right)"
        height={220}
        lines={[
          { label: 'busy', color: '--line-busy', data: series.column('busy'), text: count, fill: true, stepped: true },
          { label: 'arrivals/s', color: '--line-arrivals', data: series.column('arrivals'), text: rate, right: true },
          { label: 'size', color: '--line-size', data: series.column('size'), text: count, stepped: true },
          {
            label: 'target',
            color: '--line-target',
            data: series.column('target'),
            text: count,
            stepped: true,
            dash: true,
          },
        ]}
      />
      <div class="two-plots">
        <Plot
          {...span}
          title="Queue depth"
          height={150}
          lines={[
            { label: 'waiting', color: '--line-queue', data: series.column('queueDepth'), text: count, fill: true },
          ]}
        />
        <Plot
          {...span}
          title="Wait"
          height={150}
          axisText={shortDuration}
          lines={[
            { label: 'p99', color: '--line-size', data: series.column('waitP99Ms'), text: duration },
            { label: 'p50', color: '--line-busy', data: series.column('waitP50Ms'), text: duration },
            { label: 'oldest', color: '--line-target', data: series.column('oldestMs'), text: duration },
            ...(objective === null
              ? []
              : [
                  {
                    label: 'objective',
                    color: '--line-objective',
                    data: at.map(() => objective),
                    text: duration,
                    dash: true,
                  },
                ]),
          ]}
        />
      </div>
    </section>
  );
}

/** For axes: `50ms`, `1.5s`. */
function shortDuration(ms: number): string {
  return ms < 1000 ? `${rate(ms)} ms` : `${rate(ms / 1000)} s`;
}
