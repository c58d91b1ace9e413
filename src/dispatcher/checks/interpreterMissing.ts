import { programOf, withProgram } from '../language';
import type { DispatcherCheck } from '../problem';
import type { DispatcherFile } from '../file';

/**
 * The interpreter of the first line is not on this machine, so the dispatcher cannot run here. The server may have it;
 * "Check Dispatcher on Target" looks there. Where this machine has `python3` and no `python`, as Debian and most hosts
 * do nowadays, the name `python3` is the right one on both.
 *
 * Bad: `#!/usr/bin/env python`. Good: `#!/usr/bin/env python3`.
 */
export const interpreterMissing: DispatcherCheck = {
  code: 'dispatcher.interpreter-missing',
  title: 'The interpreter is not on this machine',
  severity: 'warning',
  check(file) {
    const program = programOf(file);
    const { hasProgram } = file.facts;
    if (!file.shebang || program === undefined || !hasProgram || hasProgram(program)) return undefined;
    if (!/^\/|^[\w.+-]+$/.test(program)) return undefined;
    const { range } = file.shebang;
    const other = otherName(program, hasProgram);
    if (other === undefined)
      return {
        message: `There is no ${program} on this machine, so the program cannot be started here.${onServers(file, program)}`,
        range,
      };
    const message = `There is no ${program} on this machine, as on most servers of today, but ${other}. A server without it answers 500 (exit code 127).`;
    return {
      message,
      range,
      fix: { kind: 'first-line', title: `Write ${other}`, line: withProgram(file, program, other) },
    };
  },
};

/** `python3` for `python`, in the same folder. */
function otherName(program: string, hasProgram: (program: string) => boolean): string | undefined {
  const other = program.replace(/(^|\/)python$/, '$1python3');
  return other !== program && hasProgram(other) ? other : undefined;
}

/** What is known of the servers; where one has none, that is said by itself. */
function onServers({ facts: { onTargets = [] } }: DispatcherFile, program: string): string {
  const known = onTargets.flatMap(({ target, interpreters }) => {
    const there = interpreters?.get(program);
    return there ? [{ target, ...there }] : [];
  });
  const having = known.filter(({ found }) => found).map(({ target }) => target);
  if (having.length > 0) return ` ${having.join(', ')} ${having.length === 1 ? 'has' : 'have'} it.`;
  return known.length > 0 ? '' : ' On the server there may be one.';
}
