/** A request that was refused or not answered. `status` is 0 where nothing answered. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly retryAfterMs: number;

  constructor(status: number, message: string, more: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause: more.cause });
    this.status = status;
    this.retryAfterMs = more.retryAfterMs ?? 0;
  }

  /** The token is missing, wrong, or may not do this. */
  get isAboutAccess(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

/** What a thrown value says, for people. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The message in the body of a refusal, else the status in words. */
export async function refusalOf(response: Response): Promise<string> {
  const text = await response.text().catch(() => '');
  try {
    const body = JSON.parse(text) as { message?: unknown } | null;
    const message = body?.message;
    if (Array.isArray(message)) return message.join(' ');
    if (typeof message === 'string' && message !== '') return message;
  } catch {
    // Not every proxy answers in JSON.
  }
  return `The application answered ${response.status} ${response.statusText}`.trim() + '.';
}

/** `Retry-After` in seconds; 0 where there is none. */
export function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 60) * 1000 : 0;
}
