/** The least whole number of workers, at least one; what is over by rounding errors only does not cost a worker. */
export function wholeWorkers(exact: number): number {
  return Math.max(1, Math.ceil(exact - 1e-9));
}
