import type { HostProfile } from '../host';
import type { Origin } from '../modules/define';
import { LineReader } from '../syntax/lines';
import { TreeBuilder } from './build';
import { CommandState, type HtaccessPlace } from './command';
import { DirConfig } from './dirConfig';
import type { ConfigDirective } from './directive';

/** Apache's verdict on a .htaccess: its first error in its own words, without the file prefix. */
export interface Verdict {
  readonly ok: boolean;
  /** 1-based line that Apache reports: the last physical one of a continued line. */
  readonly line: number | null;
  readonly message: string | null;
}

/** A .htaccess as the server took it. */
export interface ReadHtaccess {
  readonly verdict: Verdict;
  /** Where the refused directive stands in the source; undefined where the verdict is good or names no directive. */
  readonly span: { readonly start: number; readonly end: number } | undefined;
  /** Where the trace says that it is; the file alone where the line counts within a macro. */
  readonly origin: Origin | undefined;
  readonly config: DirConfig;
  /** Lines that Apache would write to its log without refusing the file. */
  readonly warnings: readonly string[];
}

/** Reads a .htaccess in Apache's two phases: the whole file into a tree, then one directive after the other. */
export function readHtaccess(source: string, host: HostProfile, place: HtaccessPlace): ReadHtaccess {
  const state = new CommandState(host, place);
  const reader = new LineReader(source, '.htaccess', state.registry.memoryOf(place.directory, source));
  const builder = new TreeBuilder(reader, state);
  const config = new DirConfig();
  state.builder = builder;
  const built = builder.build();
  for (const use of state.outside) config.note(use);
  if ('refusal' in built) {
    const line = state.errorDirective?.line ?? reader.lineNumber;
    return result(state, config, { ok: false, line, message: built.refusal });
  }
  const refusal = state.carryOut(built.first, config);
  if (refusal === undefined) return result(state, config, { ok: true, line: null, message: null });
  return result(state, config, { ok: false, line: state.errorDirective?.line ?? null, message: refusal });
}

function result(state: CommandState, config: DirConfig, verdict: Verdict): ReadHtaccess {
  const at: ConfigDirective | null = verdict.ok ? null : state.errorDirective;
  const span = at === null ? undefined : { start: at.start, end: at.end };
  const origin = verdict.ok ? undefined : state.originOf(at, verdict.line);
  return { verdict, span, origin, config, warnings: state.warnings };
}

/** The verdict alone, for a .htaccess at the document root of the host's tree. Any bytes are taken; nothing is thrown. */
export function judge(source: string, host: HostProfile): Verdict {
  return readHtaccess(source, host, { directory: `${host.treeRoot}/` }).verdict;
}
