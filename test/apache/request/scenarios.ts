import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, AskedPair } from './answers';

/** A site and what becomes of requests to it: one fact of Apache. */
export interface Scenario {
  readonly name: string;
  readonly files: AskedPair['files'];
  readonly documentRoot?: string;
  readonly requests: readonly {
    readonly request: AskedPair['request'];
    /** The fields that the fact is about, as Apache answers. */
    readonly answer: Answer;
  }[];
}

const FOLDER = join(import.meta.dirname, 'scenarios');

/** All scenarios by the title of their file. */
export function scenariosByTitle(): readonly (readonly [title: string, scenarios: readonly Scenario[]])[] {
  return readdirSync(FOLDER).map((file) => [
    file.replace(/\.json$/, '').replaceAll('-', ' '),
    JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Scenario[],
  ]);
}

/** The pairs of a scenario with the expected part of their answers. */
export function pairsOf({
  files,
  documentRoot = '',
  requests,
}: Scenario): readonly (readonly [AskedPair, Answer])[] {
  return requests.map(({ request, answer }) => [{ files, documentRoot, request }, answer] as const);
}
