/** The HTTP API, live events and the page for who is on call: `nestjs-dynamic-pool/admin`. */
export type * from '../core/contract/operation.js';
