import type { PlannedClass, WorkerPlan } from './worker-plan.js';

export const KEEP_NAMES =
  'Have the bundler keep the names of classes (esbuild: keepNames, terser: keep_classnames): tasks and errors go by them';

/** The classes of a plan whose names look as if a minifier had made them up, and whose tasks are named after them. */
export function shortenedNames({ classes }: WorkerPlan): PlannedClass[] {
  return classes.filter(
    ({ className, tasks }) =>
      isShortened(className) && tasks.some(({ name, method }) => name === `${className}.${method}`),
  );
}

export function isShortened(className: string): boolean {
  return /^[\w$]{0,2}$/.test(className);
}
