export * from './entries/core.js';
