import type { FailureGroup } from '../../../core/contract/operation.js';
import type { TaskStats } from '../../../core/contract/snapshot.js';
import { age, count, duration, percent } from '../format.js';

const FIRST = 15;

/** The slowest tasks, and what fails, in groups. Arguments and messages are known to neither the page nor the API. */
export function Tasks(props: {
  tasks: Readonly<Record<string, TaskStats>>;
  failures: readonly FailureGroup[] | null;
  now: number;
}) {
  const tasks = Object.entries(props.tasks).sort(([, a], [, b]) => b.serviceMs - a.serviceMs);
  return (
    <div class="halves">
      <section class="panel" aria-labelledby="slowest">
        <h2 id="slowest">Slowest tasks</h2>
        {tasks.length === 0 ? (
          <p class="hint">No task has run yet.</p>
        ) : (
          <table class="stack">
            <thead>
              <tr>
                <th scope="col">Task</th>
                <th scope="col" class="number">
                  Takes
                </th>
                <th scope="col" class="number">
                  Runs
                </th>
                <th scope="col" class="number">
                  Failed
                </th>
                <th scope="col">Worth a worker</th>
              </tr>
            </thead>
            <tbody>
              {tasks.slice(0, FIRST).map(([name, task]) => (
                <tr key={name} data-task={name}>
                  <th scope="row" class="name" data-label="Task">
                    {name}
                  </th>
                  <td class="number" data-label="Takes">
                    {duration(task.serviceMs)}
                  </td>
                  <td class="number" data-label="Runs">
                    {count(task.count)}
                  </td>
                  <td class="number" data-label="Failed">
                    {task.failed === 0
                      ? '0'
                      : `${count(task.failed)} (${percent(task.failed / Math.max(1, task.count))})`}
                  </td>
                  <td data-label="Worth a worker">
                    {task.worthOffloading === null ? 'not known yet' : task.worthOffloading ? 'yes' : 'no'}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {tasks.length > FIRST && <p class="hint">And {tasks.length - FIRST} faster ones.</p>}
      </section>
      <section class="panel" aria-labelledby="failing">
        <h2 id="failing">Failures</h2>
        {props.failures === null ? (
          <p class="hint">Reading the failures…</p>
        ) : props.failures.length === 0 ? (
          <p class="hint">No call has failed.</p>
        ) : (
          <table class="stack">
            <thead>
              <tr>
                <th scope="col">Task</th>
                <th scope="col">Error</th>
                <th scope="col" class="number">
                  Count
                </th>
                <th scope="col" class="number">
                  Last
                </th>
              </tr>
            </thead>
            <tbody>
              {props.failures.slice(0, FIRST).map((group) => (
                <tr key={JSON.stringify([group.task, group.error])}>
                  <th scope="row" class="name" data-label="Task">
                    {group.task}
                  </th>
                  <td class="name" data-label="Error">
                    {group.error}
                  </td>
                  <td class="number" data-label="Count">
                    {count(group.count)}
                  </td>
                  <td class="number" data-label="Last">
                    {age(props.now - group.lastAt)} ago
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </div>
  );
}
