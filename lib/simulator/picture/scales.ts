/** Where a value stands on a picture, in pixels. */
export type Scale = (value: number) => number;

/** Even steps. */
export function linear(from: number, to: number, low: number, high: number): Scale {
  return (value) => low + ((value - from) / (to - from)) * (high - low);
}

/** Even steps for equal factors; what is below `from` stands there. */
export function logarithmic(from: number, to: number, low: number, high: number): Scale {
  const exact = linear(Math.log(from), Math.log(to), low, high);
  return (value) => exact(Math.log(Math.max(from, value)));
}

/** About `count` round values from 0 up to the first that is not below `most`; 1, 2 or 5 times a power of ten apart. */
export function roundValues(most: number, count: number): number[] {
  const rough = Math.max(most, 1e-9) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999)!;
  const steps = Math.max(1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: steps + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** Powers of ten from 1 up to the first that is not below `most`. */
export function powersOfTen(most: number): number[] {
  const values = [1];
  while (values.at(-1)! < most) values.push(values.at(-1)! * 10);
  return values;
}

/** Round distances on a clock, milliseconds. */
const CLOCK_STEPS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400].map((s) => s * 1_000);

/** Round times from 0 on, no more than about ten of them, and how each is told. */
export function clockValues(durationMs: number): {
  readonly unit: string;
  readonly values: [at: number, told: string][];
} {
  const step = CLOCK_STEPS.find((candidate) => durationMs / candidate <= 10) ?? 86_400_000;
  const [unit, unitMs] =
    step < 60_000 ? ['seconds', 1_000] : step < 3_600_000 ? ['minutes', 60_000] : ['hours', 3_600_000];
  const values = Array.from({ length: Math.floor(durationMs / step) + 1 }, (_, index): [number, string] => [
    index * step,
    String((index * step) / (unitMs as number)),
  ]);
  return { unit: unit as string, values };
}
