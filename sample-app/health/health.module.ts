import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { PoolHealthModule } from 'nestjs-dynamic-pool/terminus';
import { isPooled } from '../pools.js';
import { HealthController } from './health.controller.js';

@Module({ imports: [TerminusModule, ...(isPooled ? [PoolHealthModule] : [])], controllers: [HealthController] })
export class HealthModule {}
