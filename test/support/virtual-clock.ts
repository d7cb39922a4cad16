export { settleMicrotasks, VirtualClock } from '../../lib/testing/virtual-clock.js';
