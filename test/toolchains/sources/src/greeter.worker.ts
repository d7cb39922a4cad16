import { runPoolWorker } from 'nestjs-dynamic-pool/worker';
import { GreeterModule } from './greeter.module.js';

runPoolWorker([GreeterModule]);
