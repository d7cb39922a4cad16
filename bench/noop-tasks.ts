export function noop(): void {}

/** As many no-ops in one task. */
export function noops(count: number): void {
  for (let i = 0; i < count; i++) noop();
}
