/** What was last seen of a dispatcher on one target of the project. What is absent was not looked at. */
export interface OnTarget {
  /** The target's name. */
  readonly target: string;
  /** Permission bits there. */
  readonly mode?: number;
  readonly owner?: Owner;
  /** Programs that were looked for there, as first lines name them. */
  readonly interpreters?: ReadonlyMap<string, InterpreterThere>;
}

/** Numbers of the accounts to which a file and its folder belong. */
export interface Owner {
  readonly file: number;
  readonly folder: number;
}

export interface InterpreterThere {
  readonly found: boolean;
  /** Where it was not found: programs of the same language that were, the nearest first. */
  readonly others: readonly string[];
}

/** Why suEXEC does not run a file; undefined where it is no reason (https://httpd.apache.org/docs/2.4/suexec.html, condition 18). */
export function ownerFault({ file, folder }: Owner): string | undefined {
  if (file === folder) return undefined;
  return (
    `it belongs to ${accountOf(file)} and its folder to ${accountOf(folder)}, and suEXEC refuses such files. ` +
    'Remove it there and upload it again, or ask your host to correct its owner.'
  );
}

function accountOf(uid: number): string {
  return uid === 0 ? 'root' : `another account (${uid})`;
}

/** Names under which a program may be there where its own is not, the nearest first: `python3` for `python`, `/opt/x/python3.9`. */
export function otherProgramNames(program: string): readonly string[] {
  const name = program.slice(program.lastIndexOf('/') + 1);
  const plain = name.replace(/[\d.]+$/, '');
  return [...new Set([name, ...relatives(name, plain)])].filter((one) => one !== '' && one !== program);
}

function relatives(name: string, plain: string): readonly string[] {
  if (plain === 'php') return ['php-cgi'];
  if (plain === 'python') return name.startsWith('python2') ? [] : ['python3'];
  return name === plain ? [`${name}3`] : [plain];
}
