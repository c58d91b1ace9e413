import type { HostProfile } from '../apache/host';
import type { Site } from '../apache/site';
import { parse } from '../apache/syntax/tree';
import { readWord } from '../apache/syntax/words';
import { AdviceFile } from './file';
import type { AdviceFix, AdviceRule, AdviceSeverity, Finding, RelatedPlace, SeveritySetting } from './rule';
import { ADVICE } from './registry';
import { nodesOf } from './walk';

export { ADVICE } from './registry';
export type { AdviceFix, AdviceRule, AdviceSeverity, RelatedPlace, SeveritySetting, TextEdit } from './rule';

/** One piece of advice on a .htaccess. Offsets are bytes of the source. */
export interface Advice {
  readonly code: string;
  /** `error` only where the user set it. */
  readonly severity: AdviceSeverity | 'error';
  /** Byte string: it may quote the file. */
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** 1-based line of `start`. */
  readonly line: number;
  readonly fix?: AdviceFix;
  readonly related?: readonly RelatedPlace[];
}

/** What is known beside the text. */
export interface AdviceOptions {
  /** The files around it. Without them, rules that need files are silent. */
  readonly site?: Site;
  /** Absolute path on the server of the folder of the .htaccess; when absent, RewriteBase below the host's tree root. */
  readonly directory?: string;
  /** Absolute path on the server of the folder that visitors see as `/`; `directory` when absent. */
  readonly documentRoot?: string;
  /** By code; rules that are not named keep their own severity. */
  readonly severities?: Readonly<Record<string, SeveritySetting>>;
}

/**
 * What is worth saying about a .htaccess beyond Apache's verdict, in the order of the file. Never throws; time is linear
 * in the text. Nothing is said about what stands behind the line that Apache refuses, and where the nesting of sections
 * is broken nothing about directives at all, since Apache does not carry out any then.
 */
export function advise(source: string, host: HostProfile, options: AdviceOptions = {}): readonly Advice[] {
  const file = new AdviceFile(source, { host, site: options.site, ...placeOf(source, host, options) });
  const found = ADVICE.flatMap((rule) => adviceOf(rule, file, options.severities?.[rule.code]));
  return found.filter((one) => isHeard(one, file)).sort((a, b) => a.start - b.start);
}

/** Where the file lies. Where nobody says it, RewriteBase does: it is the folder's URL path. */
function placeOf(
  source: string,
  { treeRoot }: HostProfile,
  { directory, documentRoot }: AdviceOptions,
): { readonly directory: string; readonly documentRoot: string } {
  if (directory !== undefined) {
    const place = withSlash(directory);
    return { directory: place, documentRoot: (documentRoot ?? place).replace(/\/+$/, '') };
  }
  return { directory: treeRoot + rewriteBase(source), documentRoot: treeRoot };
}

/** The first RewriteBase of a text when it is a plain path, with slashes around it; `/` otherwise. */
function rewriteBase(source: string): string {
  for (const node of nodesOf(parse(source))) {
    if (node.kind !== 'directive' || node.name.toLowerCase() !== 'rewritebase') continue;
    const { value } = readWord(node.line.text, node.argumentsAt);
    if (/^\/(?:[\w-][\w.-]*\/)*(?:[\w-][\w.-]*)?$/.test(value)) return withSlash(value);
  }
  return '/';
}

const withSlash = (path: string): string => (path.endsWith('/') ? path : `${path}/`);

function adviceOf(rule: AdviceRule, file: AdviceFile, setting: SeveritySetting | undefined): Advice[] {
  const usual = setting ?? rule.severity;
  if (usual === 'off') return [];
  return [...rule.check(file)].map((finding) =>
    advice(rule.code, finding, setting ?? finding.severity ?? usual, file),
  );
}

function advice(code: string, finding: Finding, severity: SeveritySetting, file: AdviceFile): Advice {
  const { message, start, end, fix, related } = finding;
  return {
    code,
    severity: severity === 'off' ? 'hint' : severity,
    message,
    start,
    end,
    line: file.lineOf(start),
    ...(fix === undefined ? {} : { fix }),
    ...(related === undefined ? {} : { related }),
  };
}

/** What stands behind a refused line waits until that line is mended. */
function isHeard({ line }: Advice, { verdict }: AdviceFile): boolean {
  return verdict.ok || (verdict.line !== null && line <= verdict.line);
}
