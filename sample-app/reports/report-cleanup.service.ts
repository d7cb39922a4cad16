import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { AppConfig } from '../config/app-config.js';
import { ReportsRepository } from './reports.repository.js';

/** Deletes old reports. It runs once however many threads there are: threads never boot the application's module. */
@Injectable()
export class ReportCleanupService {
  readonly #logger = new Logger(ReportCleanupService.name);

  constructor(
    private readonly config: AppConfig,
    private readonly reports: ReportsRepository,
  ) {}

  @Cron(CronExpression.EVERY_HOUR)
  cleanUp(): void {
    const deleted = this.reports.deleteOlderThan(Date.now() - this.config.reportRetentionHours * 3_600_000);
    if (deleted > 0) this.#logger.log(`Deleted ${deleted} reports older than ${this.config.reportRetentionHours} h`);
  }
}
