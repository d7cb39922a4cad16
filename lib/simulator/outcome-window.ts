/** The window moves in this many steps, as that of the usual circuit breakers. */
const STEPS = 10;

/** How many tasks ended in the last `windowMs`, and how many of them were bad: ten slices of time, reused in turn. */
export class OutcomeWindow {
  readonly #stepMs: number;
  readonly #slices = Array.from({ length: STEPS }, () => ({ step: -Infinity, ended: 0, bad: 0 }));

  constructor(windowMs: number) {
    this.#stepMs = windowMs / STEPS;
  }

  add(now: number, isBad: boolean): void {
    const step = Math.floor(now / this.#stepMs);
    const slice = this.#slices[step % STEPS]!;
    if (slice.step !== step) Object.assign(slice, { step, ended: 0, bad: 0 });
    slice.ended++;
    if (isBad) slice.bad++;
  }

  read(now: number): { readonly ended: number; readonly bad: number } {
    const newest = Math.floor(now / this.#stepMs);
    const recent = this.#slices.filter(({ step }) => step > newest - STEPS);
    return {
      ended: recent.reduce((sum, { ended }) => sum + ended, 0),
      bad: recent.reduce((sum, { bad }) => sum + bad, 0),
    };
  }
}
