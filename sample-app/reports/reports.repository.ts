import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { ColumnStatistics, Report, ReportSummary } from './report.js';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly created_at: number;
  readonly row_count: number;
  readonly columns: string;
}

const LISTED = 50;

@Injectable()
export class ReportsRepository {
  constructor(private readonly database: Database) {}

  save(report: Report): void {
    this.database.connection
      .prepare('INSERT INTO reports (id, name, created_at, row_count, columns) VALUES (?, ?, ?, ?, ?)')
      .run(report.id, report.name, Date.parse(report.createdAt), report.rows, JSON.stringify(report.columns));
  }

  find(id: string): Report | null {
    const row = this.database.connection.prepare('SELECT * FROM reports WHERE id = ?').get(id) as Row | undefined;
    return row ? { ...toSummary(row), columns: JSON.parse(row.columns) as ColumnStatistics[] } : null;
  }

  /** The newest reports, at most 50. */
  list(): ReportSummary[] {
    const rows = this.database.connection
      .prepare('SELECT id, name, created_at, row_count FROM reports ORDER BY created_at DESC LIMIT ?')
      .all(LISTED) as Row[];
    return rows.map(toSummary);
  }

  /** Deletes what was saved before a time, in milliseconds since the epoch, and tells how many that were. */
  deleteOlderThan(time: number): number {
    return this.database.connection.prepare('DELETE FROM reports WHERE created_at < ?').run(time).changes;
  }
}

function toSummary(row: Row): ReportSummary {
  return { id: row.id, name: row.name, createdAt: new Date(row.created_at).toISOString(), rows: row.row_count };
}
