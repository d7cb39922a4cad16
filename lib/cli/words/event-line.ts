import type { AdminEventMap } from '../../core/contract/operation.js';
import type { KnownEvent } from '../api/answers.js';
import { clockTime, count, duration, quantity } from '../text/quantities.js';
import { fit, widthOf } from '../text/width.js';
import { deed } from './explain.js';
import { note } from './pool-rows.js';

/** Columns get no wider than that. */
const WIDEST_NAME = 24;

/**
 * Events as lines. A pool tells its snapshot once a second: a line comes of the first, and where its state, size, target,
 * bounds or health are others than before.
 */
export class EventLines {
  readonly #seen = new Map<string, string>();
  #width: number;

  /** Columns are wide enough for these, cleaned, from the start. */
  constructor(pools: Iterable<string> = []) {
    this.#width = Math.min(
      WIDEST_NAME,
      Array.from(pools, widthOf).reduce((most, width) => Math.max(most, width), 0),
    );
  }

  /** `null` where there is nothing new. */
  line(known: KnownEvent): string | null {
    if (known.event === 'snapshot' && !this.#isNews(known.data)) return null;
    const { at, pool } = known.data;
    const name = pool ?? '-';
    this.#width = Math.min(WIDEST_NAME, Math.max(this.#width, widthOf(name)));
    return `${clockTime(at, at)}  ${fit(name, this.#width)}  ${known.event.padEnd(8)}  ${said(known)}`;
  }

  #isNews(view: AdminEventMap['snapshot']): boolean {
    const { state, size, target, min, max, override, health } = view;
    const told = JSON.stringify([state, size, target, min, max, override, health.status, health.reasons]);
    const isNews = this.#seen.get(view.pool) !== told;
    this.#seen.set(view.pool, told);
    return isNews;
  }
}

function said({ event, data }: KnownEvent): string {
  switch (event) {
    case 'snapshot':
      return standing(data);
    case 'decision':
      return `${deed(data)}. ${data.reason}`;
    case 'resized':
      return `${quantity(data.from)} → ${quantity(data.to)}: ${data.reason}`;
    case 'worker':
      return data.change === 'started'
        ? `worker ${quantity(data.workerId)} started in ${duration(data.bootMs)}`
        : `worker ${quantity(data.workerId)} left: ${data.reason}`;
    case 'gap':
      return data.missed === null ? 'events were left out' : `${count(data.missed, 'event')} left out`;
  }
}

function standing(view: AdminEventMap['snapshot']): string {
  const { state, size, target, busy, queueDepth } = view;
  const remark = note(view);
  const figures = `${state}, ${count(size, 'worker')} (target ${quantity(target)}), ${quantity(busy)} busy, ${quantity(queueDepth)} waiting`;
  return remark === '' ? figures : `${figures}; ${remark}`;
}
