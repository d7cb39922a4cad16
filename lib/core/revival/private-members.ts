/** What TypeScript, esbuild, SWC and Babel make of private members for runtimes that do not know them. */
const LOWERED =
  /\b_\w+_\w+\.(?:set\(this, |add\(this\))|\b__privateAdd\(this\b|\b_class_private_(?:field|method)_init\b|\b_classPrivate(?:Field|Method)InitSpec\b/;
const MODIFIERS = /^(?:static|async|get|set|accessor)$/;
/** After these words a slash begins a regular expression. */
const BEFORE_OPERAND = /^(?:return|typeof|case|in|of|void|delete|instanceof|new|do|else|yield|await|throw)$/;
const TOKEN = new RegExp(
  [
    String.raw`\/\/[^\n]*|\/\*[^]*?\*\/`, // comments
    String.raw`"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'`, // strings
    String.raw`#?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*`, // names
    String.raw`\s+|[^]`,
  ].join('|'),
  'uy',
);
const TEMPLATE = /(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)/uy;
const REGEXP = /(?:[^/[\\\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\//uy;

/**
 * The first private member that a class declares for its instances, as in `#key`, by the text of the class; `null` for
 * none. Private static members do not count. Told by reading tokens, not by parsing: what looks like neither a string,
 * a comment, a template nor a regular expression is code.
 */
export function privateMember(source: string): string | null {
  return declaredPrivate(source) ?? (LOWERED.test(source) ? 'private members' : null);
}

function declaredPrivate(source: string): string | null {
  const open: string[] = [];
  let modifiers: string[] = [];
  let previous = '';
  for (let at = 0; at < source.length;) {
    let token = match(TOKEN, source, at);
    const from = at;
    at += token.length;
    if (/^(?:\s|\/[/*])/.test(token)) continue;
    if (token === '/' && startsOperand(previous)) {
      at += match(REGEXP, source, at).length;
      token = 'x';
    }
    if (token === '`' || (token === '}' && open.at(-1) === '${')) {
      if (token === '}') open.pop();
      const text = match(TEMPLATE, source, at);
      at += text.length;
      if (text.endsWith('${')) open.push('${');
      token = text.endsWith('${') ? '(' : 'x';
    } else if (token === '{' || token === '(' || token === '[') open.push(token);
    else if (token === '}' || token === ')' || token === ']') open.pop();
    const isInBody = open.length === 1 && open[0] === '{';
    if (isInBody && /^#./u.test(token) && previous !== '.' && !modifiers.includes('static')) {
      if (!/^\s+in\b/.test(source.slice(from + token.length, from + token.length + 20))) return token;
    }
    modifiers = MODIFIERS.test(token) || token === '*' ? [...modifiers, token] : [];
    previous = token;
  }
  return null;
}

function match(pattern: RegExp, source: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? '';
}

/** Whether what follows is a value, not an operator. */
function startsOperand(previous: string): boolean {
  return previous === '' || BEFORE_OPERAND.test(previous) || /^[^\w$#)\]"'x]$/u.test(previous);
}
