export { FakeWorker } from '../../lib/testing/manual/fake-worker.js';
