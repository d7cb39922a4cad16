import type { NodePath } from './document.js';

/**
 * The path of an option as errors of the core name it (`scaling.policy.guards[0].upMs`), within `value`, as far as that
 * goes. Names that contain dots are found by what there is.
 */
export function optionPath(value: unknown, option: string): NodePath {
  const path: (string | number)[] = [];
  let [node, rest] = [value, option];
  while (rest !== '' && typeof node === 'object' && node !== null) {
    const step = nextStep(node, rest);
    if (step === null) break;
    path.push(step.key);
    node = (node as Record<string | number, unknown>)[step.key];
    rest = rest.slice(step.length).replace(/^\./, '');
  }
  return path;
}

function nextStep(node: object, rest: string): { readonly key: string | number; readonly length: number } | null {
  const index = /^\[(\d+)\]/.exec(rest);
  if (index) return Array.isArray(node) ? { key: Number(index[1]), length: index[0].length } : null;
  const keys = Object.keys(node).filter(
    (key) => rest === key || rest.startsWith(`${key}.`) || rest.startsWith(`${key}[`),
  );
  const key = keys.sort((a, b) => b.length - a.length)[0];
  return key === undefined ? null : { key, length: key.length };
}

/** `['pools', 'a', 'size', 'min']` as people write it: the pool, and the option within it. */
export function placeOf(path: NodePath): { readonly pool: string | undefined; readonly option: string } {
  const [top, name, ...rest] = path;
  const isOfPool = top === 'pools' && typeof name === 'string';
  const steps = isOfPool ? rest : path;
  const option = steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return { pool: isOfPool ? name : undefined, option: option.replace(/^\./, '') };
}
