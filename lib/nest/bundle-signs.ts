const WEBPACK = /\b__webpack_(?:require__|modules__)\b/;
/** webpack writes these where others shall be able to import the bundle. */
const WEBPACK_LIBRARY = /\b__webpack_export_target__\b|\bmodule\.exports\s*=\s*__webpack_exports__|\bexport\s*\{/;
/** Helpers of esbuild, and comments with which esbuild and rolldown say where a part of the bundle comes from. */
const OTHERS = /^(?:var __(?:commonJS|toCommonJS|toESM) = |\/\/#region |\/\/ (?:\.\.\/)*node_modules\/)/m;

/** Whether the text of a file looks like what a bundler made of many. Without minification these signs are certain. */
export function looksBundled(source: string): boolean {
  return WEBPACK.test(source) || OTHERS.test(source);
}

/** Whether it is a bundle of which nobody can import a class, although its parts say `exports.SomeClass = ...`. */
export function isClosedBundle(source: string): boolean {
  return WEBPACK.test(source) && !WEBPACK_LIBRARY.test(source);
}
