import { mkdirSync } from 'node:fs';
import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import Sqlite from 'libsql';
import { AppConfig } from '../config/app-config.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS reports (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    columns TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS reports_by_age ON reports (created_at);
`;

/** A connection to the embedded database. Every thread that builds a `Database` opens its own. */
@Injectable()
export class Database implements OnApplicationShutdown {
  readonly connection: Sqlite.Database;

  constructor(config: AppConfig) {
    mkdirSync(config.dataDir, { recursive: true });
    this.connection = new Sqlite(config.databaseFile);
    // With a write-ahead log readers never wait; a writer waits for the one before it, at most this long.
    this.connection.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    this.connection.exec(SCHEMA);
  }

  onApplicationShutdown(): void {
    this.connection.close();
  }
}
