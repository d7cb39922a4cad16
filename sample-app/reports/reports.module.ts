import { Module } from '@nestjs/common';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { UploadModule } from '../http/upload.js';
import { ReportCleanupService } from './report-cleanup.service.js';
import { ReportsController } from './reports.controller.js';
import { ReportsRepository } from './reports.repository.js';
import { ReportsService } from './reports.service.js';

@Module({
  imports: [ConfigModule, DatabaseModule, UploadModule],
  controllers: [ReportsController],
  providers: [ReportsService, ReportsRepository, ReportCleanupService],
})
export class ReportsModule {}
