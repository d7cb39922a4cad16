/** Functions by task name. */
export type TaskMap = Map<string, (...args: unknown[]) => unknown>;

/**
 * The tasks of a module: its exported functions; of a CommonJS module also the properties of `module.exports`. Classes
 * are not tasks.
 */
export function tasksOf(module: Record<string, unknown>): TaskMap {
  const tasks: TaskMap = new Map();
  const { default: standard, ...named } = module;
  const fromCommonJs = typeof standard === 'object' && standard !== null ? standard : {};
  for (const [name, value] of [...Object.entries(fromCommonJs), ...Object.entries(named)]) {
    if (isTask(value)) tasks.set(name, value);
  }
  if (isTask(standard)) tasks.set('default', standard);
  return tasks;
}

/** What a module exports; of a CommonJS module also the properties of `module.exports`. */
export function exportedValues(module: Record<string, unknown>): unknown[] {
  const { default: standard } = module;
  const fromCommonJs = typeof standard === 'object' && standard !== null ? Object.values(standard) : [];
  return [...new Set([...Object.values(module), ...fromCommonJs])];
}

function isTask(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value));
}
