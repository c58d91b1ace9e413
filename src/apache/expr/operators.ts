import { fromRoot } from '../paths';
import type { BinaryNode, UnaryNode } from './ast';
import type { ExprContext } from './evaluate';
import { fnmatch } from './fnmatch';
import { isInSubnet, parseAddress } from './subnet';

/** The verdict of `-n`, `-f`, `-R` … on a word. */
export function applyUnary(node: UnaryNode, argument: string, context: ExprContext): boolean {
  switch (node.name) {
    case 'n':
      return argument !== '';
    case 'z':
      return argument === '';
    case 'T':
      return isTrue(argument);
    case 'R':
      return node.subnet !== undefined && isInSubnet(node.subnet, parseAddress(context.clientAddress) ?? []);
    case 'U':
    case 'A':
      return context.subrequestSucceeds(argument, 'url');
    case 'F':
      return context.subrequestSucceeds(argument, 'file');
    default:
      return testFile(node.name, argument, context);
  }
}

/** The verdict of `-ipmatch`, `-fnmatch`, `-strmatch`, `-strcmatch`. */
export function applyBinary(
  node: BinaryNode,
  { left, right }: { readonly left: string; readonly right: string },
  context: ExprContext,
): boolean {
  switch (node.name.toLowerCase()) {
    case 'ipmatch':
      return node.subnet !== undefined && isInSubnet(node.subnet, addressOf(left, context) ?? []);
    case 'fnmatch':
      return fnmatch(right, left, { pathname: true });
    case 'strmatch':
      return fnmatch(right, left);
    default:
      return fnmatch(right, left, { caseless: true });
  }
}

/** Everything is true but '', '0', and "off", "no", "false" in any case. */
function isTrue(text: string): boolean {
  return !/^(?:|0|off|no|false)$/i.test(text);
}

function addressOf(text: string, context: ExprContext): readonly number[] | undefined {
  const numeric = parseAddress(text);
  if (numeric || text === '') return numeric;
  const resolved = context.resolveHost?.(text);
  return resolved === undefined ? undefined : parseAddress(resolved);
}

/** `-d -e -f -s` follow links; `-L -h -x` do not, and so every link counts as executable. */
function testFile(name: string, path: string, { site }: ExprContext): boolean {
  if (path === '') return false;
  const absolute = fromRoot(path);
  const stat = 'Lhx'.includes(name) ? site.lstat(absolute) : site.stat(absolute);
  if (!stat) return false;
  switch (name) {
    case 'd':
      return stat.kind === 'directory';
    case 'f':
      return stat.kind === 'file';
    case 's':
      return stat.kind === 'file' && stat.size > 0;
    case 'x':
      return stat.kind === 'link' || (stat.mode & 0o111) !== 0;
    case 'L':
    case 'h':
      return stat.kind === 'link';
    default:
      return true;
  }
}
