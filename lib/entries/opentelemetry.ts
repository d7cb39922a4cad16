/** Traces go along with calls into workers, and tasks are spans: `nestjs-dynamic-pool/opentelemetry`. */
export { OpenTelemetryCarrier, type CapturedTrace } from '../adapters/opentelemetry-carrier.js';
