import type { QuotaOrder, RegionReport } from './messages.js';
import { quotaShares } from './quota-shares.js';

export interface CoordinatorOptions {
  /** Workers of all regions together. */
  readonly cap: number;
  /** Least quota of each region. */
  readonly floors: readonly number[];
  /** A region that was not heard of for this long is left as it is, milliseconds. */
  readonly contactMs: number;
}

/** What the coordinator knows of a region, right or not. */
interface Known {
  report: RegionReport | null;
  /** Orders that the region has not yet said it follows. */
  readonly sent: QuotaOrder[];
  /** Quota of the last order, or the first quota. */
  quota: number;
}

/**
 * Moves quotas to where workers are wanted. It is best effort: it goes by reports that are old, and a region that it has
 * lost keeps its last quota, which nobody else is given meanwhile. It only ever gives out what is certainly free: a quota
 * that was taken back counts until the region has said that the workers are gone. The cap therefore holds whatever gets
 * lost, and regions need nobody's leave within their quota (C6; S4 Q32: autonomy before consistency).
 */
export class Coordinator {
  readonly #known: readonly Known[];
  #orders = 0;

  constructor(
    readonly options: CoordinatorOptions,
    first: readonly number[],
  ) {
    this.#known = first.map((quota) => ({ report: null, sent: [], quota }));
  }

  hear(report: RegionReport): void {
    const known = this.#known[report.region]!;
    known.report = report;
    known.sent.splice(0, known.sent.findLastIndex(({ number }) => number <= report.followed) + 1);
  }

  /** Orders for the regions in contact. Those that take workers back take effect at once, those that give only by what is free. */
  decide(now: number): QuotaOrder[] {
    const { cap, floors } = this.options;
    const inContact = this.#known.map(({ report }) => report !== null && now - report.at <= this.options.contactMs);
    const indexes = [...this.#known.keys()].filter((index) => inContact[index]);
    const lost = this.#known.reduce((sum, known, index) => (inContact[index] ? sum : sum + mayHold(known)), 0);
    const wishes = indexes.map((index) => ({ floor: floors[index]!, wanted: this.#known[index]!.report!.wanted }));
    const shares = quotaShares(cap - lost, wishes);
    let free = this.#known.reduce((left, known) => left - mayHold(known), cap);
    return indexes.map((region, place) => {
      const known = this.#known[region]!;
      const before = mayHold(known);
      const quota = Math.min(shares[place]!, before + free);
      free -= Math.max(0, quota - before);
      known.quota = quota;
      const order = { region, number: ++this.#orders, quota };
      known.sent.push(order);
      return order;
    });
  }
}

/** The most workers that a region may hold, as far as the coordinator can know. */
function mayHold({ report, sent, quota }: Known): number {
  const told = report?.held ?? quota;
  return sent.reduce((most, order) => Math.max(most, order.quota), told);
}
