import { programOf, withProgram } from '../language';
import type { InterpreterThere } from '../onTarget';
import type { DispatcherCheck } from '../problem';

/**
 * A target of the project does not have the interpreter of the first line: Apache answers 500 there, whatever this machine has. It is said
 * once the target was asked, by an upload, "Check Dispatcher on Target" or "Why Is My Site Failing?", and for the interpreter that the
 * first line names now. Where the target has another one of the same language, that is offered.
 *
 * Bad: `#!/usr/bin/env python` where the server has `python3` only. Good: `#!/usr/bin/env python3`.
 */
export const targetInterpreter: DispatcherCheck = {
  code: 'target.interpreter-missing',
  title: 'The interpreter is not on a target',
  severity: 'error',
  check(file) {
    const program = programOf(file);
    if (program === undefined || !file.shebang) return undefined;
    const { range } = file.shebang;
    return (file.facts.onTargets ?? []).flatMap(({ target, interpreters }) => {
      const there = interpreters?.get(program);
      if (!there || there.found) return [];
      const other = otherOf(there, program);
      const message = `On ${target} Apache answers 500: the server has no ${program}, so it cannot start the program (exit code ${
        program.startsWith('/') ? 255 : 127
      }). ${other === undefined ? 'Name an interpreter that it has, or ask your host.' : `It has ${other}: name that.`}`;
      if (other === undefined) return [{ message, range }];
      const line = withProgram(file, program, other);
      return [{ message, range, fix: { kind: 'first-line', title: `Write ${other}`, line } as const }];
    });
  },
};

/** A path for a path; for a name behind `env` a name. */
function otherOf({ others }: InterpreterThere, program: string): string | undefined {
  const [other] = others;
  if (other === undefined || program.startsWith('/')) return other;
  return other.slice(other.lastIndexOf('/') + 1);
}
