import { Module } from '@nestjs/common';
import { runPoolWorker } from 'nestjs-dynamic-pool/worker';
import { InjectedService, Settings } from './injected.service.js';

@Module({ providers: [InjectedService, Settings] })
class WorkerModule {}

runPoolWorker([WorkerModule]);
