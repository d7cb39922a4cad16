import type { DryRunOutcome, DryRunResult } from '../../../core/contract/operation.js';
import { count, duration, percent, rate } from '../format.js';
import { Plot } from './plot.js';

/** The present and the proposed policy side by side, under the same load. */
export function DryRunReport(props: { result: DryRunResult; theme: string }) {
  const { present, proposed, tasks, objectiveMs, from, to } = props.result;
  const at = [...new Set([...present.series.at, ...proposed.series.at])].sort((a, b) => a - b);
  return (
    <div class="dry-run-report" data-field="dry-run">
      <table>
        <caption>
          {count(tasks)} tasks replayed; objective {duration(objectiveMs)}
        </caption>
        <thead>
          <tr>
            <th scope="col">Policy</th>
            <th scope="col" class="number">
              Late
            </th>
            <th scope="col" class="number">
              Worker seconds
            </th>
            <th scope="col" class="number">
              Resizes
            </th>
          </tr>
        </thead>
        <tbody>
          <Row title="Present" outcome={present} />
          <Row title="Proposed" outcome={proposed} />
        </tbody>
      </table>
      <Plot
        title="Size"
        at={at}
        from={from}
        to={to}
        height={130}
        theme={props.theme}
        lines={[
          {
            label: 'present',
            color: '--line-target',
            data: sizesAt(at, present),
            text: count,
            stepped: true,
            dash: true,
          },
          { label: 'proposed', color: '--line-size', data: sizesAt(at, proposed), text: count, stepped: true },
        ]}
      />
    </div>
  );
}

function Row(props: { title: string; outcome: DryRunOutcome }) {
  const { title, outcome } = props;
  return (
    <tr>
      <th scope="row">{title}</th>
      <td class="number">{percent(outcome.lateShare)}</td>
      <td class="number">{rate(outcome.workerSeconds)}</td>
      <td class="number">{count(outcome.resizes)}</td>
    </tr>
  );
}

/** The size at each time of `at`: it holds until the next one. */
function sizesAt(at: readonly number[], { series }: DryRunOutcome): (number | null)[] {
  let next = 0;
  let size: number | null = null;
  return at.map((time) => {
    while (next < series.at.length && series.at[next]! <= time) size = series.size[next++]!;
    return size;
  });
}
