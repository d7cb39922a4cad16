import { register } from 'node:module';

// Makes this process, and its threads, one in which these are not installed.
const refused =
  '^(@willsoto/nestjs-prometheus|prom-client|@nestjs/(terminus|swagger)|opossum|nestjs-cls|@opentelemetry/api|yaml|ajv|rate-limiter-flexible)(/|$)';

const hooks = `
  export function resolve(specifier, context, next) {
    if (!new RegExp(${JSON.stringify(refused)}).test(specifier)) return next(specifier, context);
    throw Object.assign(new Error("Cannot find package '" + specifier + "'"), { code: 'ERR_MODULE_NOT_FOUND' });
  }
`;

register(`data:text/javascript,${encodeURIComponent(hooks)}`);
