import { randomBytes } from 'node:crypto';

/**
 * Who knows the operator's token may resize pools, who knows the viewer's may look. They come from the environment;
 * one that is not set is made up for this run, so that no deployment has a token that others know.
 */
export interface Tokens {
  readonly operator: string;
  readonly viewer: string;
}

export const tokens: Tokens = {
  operator: process.env['DYNAMIC_POOL_TOKEN'] || randomBytes(18).toString('base64url'),
  viewer: process.env['DYNAMIC_POOL_VIEWER_TOKEN'] || randomBytes(18).toString('base64url'),
};
