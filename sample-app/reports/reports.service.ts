import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PooledTask, PoolWorker } from 'nestjs-dynamic-pool';
import { DatabaseModule } from '../database/database.module.js';
import { describeColumn } from './column-statistics.js';
import { parseTable } from './parse-table.js';
import type { Report } from './report.js';
import { ReportsRepository } from './reports.repository.js';

/** `@PoolWorker` names what a thread needs to build this service: the database, but no controllers and no crons. */
@Injectable()
@PoolWorker({ imports: [DatabaseModule], providers: [ReportsRepository] })
export class ReportsService {
  constructor(private readonly reports: ReportsRepository) {}

  /** Describes every column of a CSV and saves the result, over this thread's own connection. */
  @PooledTask({ pool: 'reports', timeoutMs: 20_000 })
  async create(name: string, upload: Buffer, signal?: AbortSignal): Promise<Report> {
    const { header, rows } = parseTable(upload);
    const columns = header.map((column, index) => {
      signal?.throwIfAborted();
      return describeColumn(
        column,
        rows.map((row) => row[index] ?? ''),
      );
    });
    const report = { id: randomUUID(), name, createdAt: new Date().toISOString(), rows: rows.length, columns };
    this.reports.save(report);
    return report;
  }
}
