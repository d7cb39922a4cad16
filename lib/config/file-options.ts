import type { BudgetOptions } from '../core/budget/resolve-budget.js';
import type { ScalingOptions } from '../core/scaling/scaling-options.js';
import type { Preset } from '../core/scaling/presets.js';

/** What a valid file says of one pool. */
export interface FilePoolOptions {
  readonly size?: { readonly min?: number; readonly max?: number } | null;
  readonly queue?: { readonly capacity?: number } | null;
  readonly idleExpiryMs?: number;
  /** `null`: none. */
  readonly taskTimeoutMs?: number | null;
  /** `null`: none. */
  readonly queueTimeoutMs?: number | null;
  readonly abortGraceMs?: number;
  readonly scaling?: ScalingOptions | Preset;
}

/** What a valid file says. */
export interface FileOptions {
  readonly pools?: Readonly<Record<string, FilePoolOptions | null>> | null;
  readonly budget?: Partial<BudgetOptions>;
}
