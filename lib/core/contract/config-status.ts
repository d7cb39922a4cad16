/** How the file that `configFile` names is. Times are milliseconds since the epoch. */
export interface ConfigStatus {
  /** Absolute path. */
  readonly file: string;
  /** `invalid`: what the file says now is not in effect, but what it said when it was last valid, or else the options of code. */
  readonly state: 'applied' | 'invalid';
  /** When the file was last judged. */
  readonly at: number;
  /** When it last came into effect; `null`: never, code's options count. */
  readonly appliedAt: number | null;
  readonly error: ConfigFault | null;
}

/** What is wrong with the file, and where; lines and columns count from 1, `null` where it cannot be read at all. */
export interface ConfigFault {
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
}
