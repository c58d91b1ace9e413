import type { Directive } from '../apache/modules/define';
import type { ConfigDirective } from '../apache/config/directive';
import type { LogicalLine } from '../apache/syntax/lines';

/** A directive that this host carries out. */
export interface ActiveDirective {
  /** As Apache registers it, in lower case; sections with `<`: `rewriterule`, `<files`. */
  readonly name: string;
  /** What follows the name, `${…}` replaced; a section's without its `>`. */
  readonly args: string;
  readonly line: LogicalLine;
  /** As Apache's tree has it. */
  readonly inTree: ConfigDirective;
  /** Where the arguments begin in the line's text. */
  readonly argumentsAt: number;
  /** Bytes of the name in the line's text. */
  readonly nameLength: number;
  /** False where the arguments are not those of the source, because variables were replaced. */
  readonly isLiteral: boolean;
  /** The configuration that it writes to. */
  readonly scope: Scope;
  /** The section directly around it, also one that has no configuration of its own (<Limit>); undefined at the top. */
  readonly section: ActiveDirective | undefined;
  /** What its module says of it; undefined for one that no module knows. */
  readonly facts: Directive<unknown> | undefined;
}

/** The folder, or a section with a configuration of its own: <Files>, <FilesMatch>, <If>, <ElseIf>, <Else>. */
export interface Scope {
  readonly kind: 'directory' | 'files' | 'if';
  readonly section: ActiveDirective | undefined;
  readonly parent: Scope | undefined;
  readonly directives: ActiveDirective[];
}

const SCOPE_KINDS: ReadonlyMap<string, Scope['kind']> = new Map([
  ['<files', 'files'],
  ['<filesmatch', 'files'],
  ['<if', 'if'],
  ['<elseif', 'if'],
  ['<else', 'if'],
]);

/** The kind of scope that a section opens; undefined for one without. */
export function scopeKind(name: string): Scope['kind'] | undefined {
  return SCOPE_KINDS.get(name);
}
