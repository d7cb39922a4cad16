/**
 * How a load runs over time. Times are milliseconds from its start; every function is pure, and is asked for times from
 * 0 to `durationMs` only. L1.
 */
export interface LoadShape {
  readonly name: string;
  readonly durationMs: number;
  /** Arrivals per second, 0 or more. */
  rateAt(ms: number): number;
  /** By how much a task that arrives now takes longer than usual: a slow downstream. Left out: 1. */
  serviceFactorAt?(ms: number): number;
  /** Share of the tasks that arrive now which fail, 0 to 1. Left out: 0. */
  failureShareAt?(ms: number): number;
}

/** A shape that differs from another in what is given here. Shapes may be objects of classes, so nothing is spread. */
export function changed(shape: LoadShape, change: Partial<LoadShape>): LoadShape {
  return {
    name: shape.name,
    durationMs: shape.durationMs,
    rateAt: (ms) => shape.rateAt(ms),
    ...(shape.serviceFactorAt && { serviceFactorAt: (ms) => shape.serviceFactorAt!(ms) }),
    ...(shape.failureShareAt && { failureShareAt: (ms) => shape.failureShareAt!(ms) }),
    ...change,
  };
}
