export function work(): void {}
