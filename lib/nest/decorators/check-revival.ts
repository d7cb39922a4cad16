import { refusal } from '../../core/validate.js';
import { isClassItself } from '../../core/revival/recipe.js';

/** The options of `@PooledTask` that name classes. Which ones is asked later, when all classes are declared. */
export function checkRevival(
  at: (key: string) => { pool: string; option: string },
  { returns, accepts }: Readonly<Record<string, unknown>>,
): void {
  if (returns !== undefined && !isThunk(returns)) {
    throw refusal(at('returns'), returns, 'a function that returns the class, as in () => Point');
  }
  if (accepts !== undefined && accepts !== true && !isThunk(accepts)) {
    throw refusal(at('accepts'), accepts, 'true, or a function that lists classes, as in () => [Point, null]');
  }
}

function isThunk(value: unknown): boolean {
  return typeof value === 'function' && !isClassItself(value);
}
