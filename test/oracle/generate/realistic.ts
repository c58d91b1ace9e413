import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'realistic');

/** A .htaccess file as people write them; made for this project. */
export interface RealisticFile {
  readonly name: string;
  readonly text: string;
}

/** All files of test/oracle/fixtures/realistic, by name. */
export function realisticFiles(): RealisticFile[] {
  return readdirSync(FOLDER)
    .sort()
    .map((file) => ({
      name: file.replace(/\.htaccess$/, ''),
      text: readFileSync(join(FOLDER, file), 'utf8'),
    }));
}
