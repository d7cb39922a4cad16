/** What an expression of PromQL asks for: metrics with the labels they are matched by, and the labels it groups or joins by. */
export interface PromqlNames {
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[];
  readonly grouping: readonly string[];
}

const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[[^\]]*\]|[\d.]+[a-z]*|[a-zA-Z_:][\w:]*|[{}(),=!~]|\S/g;
const OPERATORS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'atan2', 'inf', 'nan']);
const GROUPING = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);

/** Reads names only; `promtool` tells whether the expression is one. */
export function promqlNames(expr: string): PromqlNames {
  const tokens = expr.match(TOKEN) ?? [];
  const selectors: { metric: string; labels: string[] }[] = [];
  const grouping: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (!/^[a-zA-Z_:]/.test(token) || OPERATORS.has(token.toLowerCase())) continue;
    if (GROUPING.has(token)) {
      if (tokens[i + 1] !== '(') continue;
      for (i += 2; tokens[i] !== ')' && i < tokens.length; i++) if (tokens[i] !== ',') grouping.push(tokens[i]!);
    } else if (tokens[i + 1] === '{') {
      const labels: string[] = [];
      for (i += 2; tokens[i] !== '}' && i < tokens.length; i++) {
        if (/^\w/.test(tokens[i]!) && /^[=!]/.test(tokens[i + 1] ?? '')) labels.push(tokens[i]!);
      }
      selectors.push({ metric: token, labels });
    } else if (tokens[i + 1] !== '(' && !(GROUPING.has(tokens[i + 1] ?? '') && /^[a-z]+$/.test(token))) {
      selectors.push({ metric: token, labels: [] });
    }
  }
  return { selectors, grouping };
}
