/**
 * What the source text of a module tells about a class: `exported`, `hidden` (certainly not exported), or `unclear`.
 * Only `hidden` is acted upon; the worker that loads the file has the last word.
 */
export function exportState(source: string, className: string): 'exported' | 'hidden' | 'unclear' {
  const name = className.replaceAll('$', '\\$');
  if (!new RegExp(`\\bclass\\s+${name}(?![\\w$])`).test(source)) return 'unclear';
  return exportForms(name).some((form) => form.test(source)) ? 'exported' : 'hidden';
}

function exportForms(name: string): RegExp[] {
  const whole = `(?<![\\w$])${name}(?![\\w$])`;
  return [
    // export class X, export default class X, export @Injectable() class X, export default X, export const Y = X
    new RegExp(`\\bexport\\s+(?:default\\s+)?(?:@[^;{]*?)?(?:abstract\\s+)?class\\s+${name}(?![\\w$])`),
    new RegExp(`\\bexport\\s+default\\b[^;]*?${whole}`),
    new RegExp(`\\bexport\\s+(?:const|let|var)\\b[^;]*?${whole}`),
    // export { X }, export { X as Y }, and export = X, which TypeScript makes module.exports of
    new RegExp(`\\bexport\\s*\\{[^}]*?${whole}`),
    new RegExp(`\\bexport\\s*=[^;]*?${whole}`),
    // exports.X = X, exports["Y"] = X, module.exports = ..., Object.defineProperty(exports, ...)
    new RegExp(`\\bexports\\s*(?:\\.|\\[)[^;]*?=[^;]*?${whole}`),
    /\bmodule\s*\.\s*exports\b/,
    /\bdefineProperty\(\s*exports\s*,\s*["'`](?!__esModule)/,
    // what swc and esbuild write
    /\b(?:_export|__export|__exportStar|_export_star)\s*\(/,
  ];
}
