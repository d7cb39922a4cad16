/**
 * Imports for one after the other. At once they would race: from Node.js 22 on, a CommonJS module that requires an ES module
 * which another import is still loading is refused (ERR_REQUIRE_ESM_RACE_CONDITION), and together they would be no faster.
 */
export async function importInTurn<T, R>(items: readonly T[], load: (item: T) => Promise<R>): Promise<R[]> {
  const loaded: R[] = [];
  for (const item of items) loaded.push(await load(item));
  return loaded;
}
