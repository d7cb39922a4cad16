/**
 * Whether a promise was kept within `ms`. A rejection in that time is thrown; a later one is told to `onLate`, so that
 * it is nobody's unhandled one.
 */
export async function within(
  ms: number,
  promise: Promise<unknown>,
  onLate: (error: unknown) => void,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  let isLate = false;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      isLate = true;
      resolve(false);
    }, ms);
  });
  const kept = promise.then(
    () => true,
    (error: unknown) => {
      if (!isLate) throw error;
      onLate(error);
      return false;
    },
  );
  try {
    return await Promise.race([kept, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
