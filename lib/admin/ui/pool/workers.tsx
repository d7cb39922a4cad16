import type { WorkerSnapshot } from '../../../core/contract/snapshot.js';
import { age, duration, megabytes, percent, timeOfDay } from '../format.js';
import type { WorkerNote } from '../state/app-state.js';

/** Each worker: what it does, and how it is. */
export function Workers(props: { workers: readonly WorkerSnapshot[]; notes: readonly WorkerNote[]; now: number }) {
  const { workers, notes } = props;
  return (
    <section class="panel" aria-labelledby="workers">
      <h2 id="workers">Workers</h2>
      {workers.length === 0 ? (
        <p class="hint">There are none at the moment.</p>
      ) : (
        <table class="stack">
          <thead>
            <tr>
              <th scope="col" class="number">
                Id
              </th>
              <th scope="col" class="number">
                Thread
              </th>
              <th scope="col">State</th>
              <th scope="col">Task</th>
              <th scope="col" class="number">
                Age
              </th>
              <th scope="col" class="number">
                Heap
              </th>
              <th scope="col" class="number">
                Event loop busy
              </th>
              <th scope="col" class="number">
                Loop delay
              </th>
            </tr>
          </thead>
          <tbody>
            {workers.map((worker) => (
              <tr key={worker.id} data-worker={worker.id}>
                <th scope="row" class="number" data-label="Worker">
                  {worker.id}
                </th>
                <td class="number" data-label="Thread">
                  {worker.threadId ?? '–'}
                </td>
                <td data-label="State">
                  <span class={`worker-state worker-${worker.state}`}>{worker.state}</span>
                </td>
                <td class="name" data-label="Task">
                  {worker.task ?? '–'}
                </td>
                <td class="number" data-label="Age">
                  {age(worker.ageMs)}
                </td>
                <td class="number" data-label="Heap">
                  {worker.heapMb === 0 ? '–' : megabytes(worker.heapMb)}
                </td>
                <td class="number" data-label="Event loop busy">
                  {worker.heapMb === 0 && worker.elu === 0 ? '–' : percent(worker.elu)}
                </td>
                <td class="number" data-label="Loop delay">
                  {worker.loopDelayMs === 0 ? '–' : duration(worker.loopDelayMs)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {notes.length > 0 && (
        <details class="notes">
          <summary>Who came and went since this page was opened</summary>
          <ul>
            {notes.map((note) => (
              <li key={`${note.at}-${note.workerId}-${note.change}`}>
                {timeOfDay(note.at)} worker {note.workerId}{' '}
                {note.change === 'started' ? `started after ${duration(note.bootMs)}` : `left: ${note.reason}`}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
