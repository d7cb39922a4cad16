export { FakeEngine, type FakeEngineOptions } from '../../lib/testing/manual/fake-engine.js';
