/** More than any single number needs; a server that sends more is not asked for the rest. */
const LARGEST_BODY = 1_000_000;

/** The body as text, up to a megabyte. */
export async function readBody(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LARGEST_BODY) throw new Error('the answer is longer than a megabyte');
  }
  return text + decoder.decode();
}

/**
 * The number in the answer to an instant query: a scalar, or a vector of one series. Anything else is an error that says
 * what came instead. https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
 */
export function numberIn(status: number, text: string): number {
  const answer = parse(text);
  if (answer?.status !== 'success') {
    const told = typeof answer?.error === 'string' ? `: ${answer.error.slice(0, 200)}` : '';
    throw new Error(`the server answered ${status}${told}`);
  }
  const { resultType, result } = (answer.data ?? {}) as { resultType?: unknown; result?: unknown };
  const [, value] = (resultType === 'scalar' ? result : onlySeries(resultType, result)) as [unknown, unknown];
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (!Number.isFinite(number)) throw new Error(`the value is ${JSON.stringify(value)}`);
  return number;
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return null;
  }
}

function onlySeries(resultType: unknown, result: unknown): unknown {
  if (resultType !== 'vector' || !Array.isArray(result)) {
    throw new Error(`the query gives a ${String(resultType)}, not a scalar or a vector`);
  }
  if (result.length === 0) throw new Error('the query gives no series');
  if (result.length > 1) throw new Error(`the query gives ${result.length} series; aggregate them, as with sum()`);
  return (result[0] as { value: unknown }).value;
}
