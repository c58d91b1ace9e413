import type { Command } from '../define';

/** The text before the last `>`, or Apache's refusal of a tag without one. */
export function sectionArgument(
  cmd: Command,
  args: string,
): { readonly text: string } | { readonly refusal: string } {
  const end = args.lastIndexOf('>');
  return end < 0 ? { refusal: `${cmd.name}> directive missing closing '>'` } : { text: args.slice(0, end) };
}

/** Apache's refusal of a section whose test is missing. */
export function missingArgument(cmd: Command): string {
  return `${cmd.name}> directive requires additional arguments`;
}
