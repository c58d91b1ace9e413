import { TextCache } from '../../config/textCache';
import type { Command } from '../define';
import type { RewriteCondition, RewriteRule, RuleFlags } from './config';

/** A line's rule; what is not its own is added for each file that has it. */
export type ParsedRule = Omit<RewriteRule, 'conditions' | 'line' | 'origin'>;

/** A line's condition, with what Apache logs about it. */
export interface ParsedCondition {
  readonly condition: Omit<RewriteCondition, 'line'>;
  readonly warning: string | undefined;
}

/** What arguments of mod_rewrite's directives mean on a host, or mod_rewrite's refusal of them. */
interface ParsedLines {
  readonly rules: TextCache<ParsedRule | string>;
  readonly conditions: TextCache<ParsedCondition | string>;
  readonly flags: TextCache<RuleFlags | string>;
}

/** Hosts whose lines are kept; beyond it all are forgotten. */
const MOST_HOSTS = 8;

const byHost = new Map<string, ParsedLines>();

/** The lines of a host that were parsed before: somebody who edits a file with thousands of rules waits for the changed one only. */
export function parsedLines(cmd: Command): ParsedLines {
  const known = cmd.kept.get('mod_rewrite');
  if (known !== undefined) return known as ParsedLines;
  const found = linesOfHost(`${cmd.host.apache} ${cmd.host.modules.join(' ')}`);
  cmd.kept.set('mod_rewrite', found);
  return found;
}

/** Version and modules decide what expressions and flags mean. */
function linesOfHost(key: string): ParsedLines {
  const known = byHost.get(key);
  if (known !== undefined) return known;
  const made: ParsedLines = { rules: new TextCache(), conditions: new TextCache(), flags: new TextCache() };
  if (byHost.size >= MOST_HOSTS) byHost.clear();
  byHost.set(key, made);
  return made;
}
