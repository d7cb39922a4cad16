import { BadRequestException, UnsupportedMediaTypeException } from '@nestjs/common';
import { CsvError, parse } from 'csv-parse/sync';

const MAX_COLUMNS = 200;

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Reads a CSV whose first line names the columns. What cannot be read is a 4xx that says where it went wrong. */
export function parseTable(upload: Buffer): Table {
  const [header, ...rows] = parseRecords(decodeText(upload));
  if (!header || rows.length === 0) {
    throw new BadRequestException('The CSV needs a line that names the columns, and at least one row.');
  }
  if (header.length > MAX_COLUMNS) {
    throw new BadRequestException(`The CSV has ${header.length} columns; at most ${MAX_COLUMNS} are allowed.`);
  }
  return { header, rows };
}

function decodeText(upload: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(upload);
    if (!text.includes('\0')) return text;
  } catch {
    // Reported below, like any other upload that is no text.
  }
  throw new UnsupportedMediaTypeException('Expected a CSV file in UTF-8.');
}

function parseRecords(text: string): string[][] {
  try {
    return parse(text, { skip_empty_lines: true });
  } catch (error) {
    if (error instanceof CsvError) throw new BadRequestException(`The CSV cannot be read: ${error.message}`);
    throw error;
  }
}
