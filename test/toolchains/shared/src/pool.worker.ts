import 'reflect-metadata';
import { runPoolWorker } from 'nestjs-dynamic-pool/worker';
import { ServicesModule } from './services.module.js';

// The entry of the pool where the application is bundled: a bundle of its own.
runPoolWorker([ServicesModule]);
