/** A number from some time on. */
export interface Change {
  readonly at: number;
  readonly value: number;
}

/** The highest sum of several numbers that change over time. What changes at the same instant changes at once. */
export function mostTogether(lines: readonly (readonly Change[])[]): number {
  const changes = lines
    .flatMap((line) => line.map(({ at, value }, index) => ({ at, by: value - (line[index - 1]?.value ?? 0) })))
    .sort((a, b) => a.at - b.at);
  let [sum, most] = [0, 0];
  for (const [index, { at, by }] of changes.entries()) {
    sum += by;
    if (changes[index + 1]?.at !== at) most = Math.max(most, sum);
  }
  return most;
}
