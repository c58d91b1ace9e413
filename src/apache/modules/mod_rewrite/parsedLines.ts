import { TextCache } from '../../config/textCache';
import type { HostProfile } from '../../host';
import type { Command } from '../define';
import type { RewriteCondition, RewriteRule, RuleFlags } from './config';

/** A line's rule; what is not its own is added for each file that has it. */
export type ParsedRule = Omit<RewriteRule, 'conditions' | 'line' | 'origin' | 'args'>;

/** A line's condition, with what Apache logs about it. */
export interface ParsedCondition {
  readonly condition: Omit<RewriteCondition, 'line' | 'origin' | 'args'>;
  readonly warning: string | undefined;
}

/** What arguments of mod_rewrite's directives mean on a host, or mod_rewrite's refusal of them. */
interface ParsedLines {
  readonly rules: TextCache<ParsedRule | string>;
  readonly conditions: TextCache<ParsedCondition | string>;
  readonly flags: TextCache<RuleFlags | string>;
}

/** Version and modules decide what expressions and flags mean. */
const byModules = new WeakMap<readonly string[], Map<string, ParsedLines>>();

/** The lines of a host that were parsed before: somebody who edits a file with thousands of rules waits for the changed one only. */
export function parsedLines(cmd: Command): ParsedLines {
  const known = cmd.kept.get('mod_rewrite');
  if (known !== undefined) return known as ParsedLines;
  const found = linesOfHost(cmd.host);
  cmd.kept.set('mod_rewrite', found);
  return found;
}

function linesOfHost({ modules, apache }: HostProfile): ParsedLines {
  let byVersion = byModules.get(modules);
  if (byVersion === undefined) byModules.set(modules, (byVersion = new Map()));
  let lines = byVersion.get(apache);
  if (lines === undefined) {
    lines = { rules: new TextCache(), conditions: new TextCache(), flags: new TextCache() };
    byVersion.set(apache, lines);
  }
  return lines;
}
