import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';

/** The settings of the service, from the environment. Worker threads see the same environment, so they build an equal one. */
@Injectable()
export class AppConfig {
  readonly host = process.env['HOST'] ?? '127.0.0.1';
  /** 0 takes a free port. */
  readonly port = wholeNumber('PORT', 3000);
  readonly dataDir = process.env['DATA_DIR'] ?? join(tmpdir(), 'nestjs-dynamic-pool-sample');
  readonly databaseFile = join(this.dataDir, 'reports.db');
  readonly maxUploadBytes = wholeNumber('MAX_UPLOAD_BYTES', 8 * 1024 * 1024);
  readonly maxMegapixels = wholeNumber('MAX_MEGAPIXELS', 24);
  readonly jpegQuality = wholeNumber('JPEG_QUALITY', 80);
  readonly reportRetentionHours = wholeNumber('REPORT_RETENTION_HOURS', 24);
}

/** A whole number from the environment, or the default; anything else stops the start with a message. */
function wholeNumber(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  if (!/^\d{1,12}$/.test(text)) throw new Error(`${name} must be a whole number, got "${text}".`);
  return Number(text);
}
