import { findParent } from '../config/directive';
import type { Command, Refusal } from './define';

/** Places in which a directive refuses to stand, beside what AllowOverride says (NOT_IN_* of http_config.h). */
export type Forbidden = 'limit' | 'htaccess' | 'files';

const FILE_SECTIONS = ['<Files', '<FilesMatch', '<If', '<ElseIf', '<Else'];

/** Apache's refusal of a directive in a section or file where it makes no sense (ap_check_cmd_context), in Apache's order. */
export function checkContext(cmd: Command, forbidden: readonly Forbidden[]): Refusal {
  const name = cmd.name.startsWith('<') ? `${cmd.name}>` : cmd.name;
  if (forbidden.includes('limit') && cmd.limited !== -1) {
    return `${name} cannot occur within <Limit> or <LimitExcept> section`;
  }
  if (forbidden.includes('htaccess')) return `${name} cannot occur within htaccess files`;
  if (!forbidden.includes('files')) return undefined;
  for (const section of FILE_SECTIONS) {
    const found = findParent(cmd.directive, section);
    if (found !== null) return `${name} cannot occur within ${found.name}> section`;
  }
  return undefined;
}
