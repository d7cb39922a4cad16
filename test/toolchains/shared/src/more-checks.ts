import type { Check } from './checks.js';

/** What only this toolchain has to show. */
export const moreChecks: readonly Check[] = [];
