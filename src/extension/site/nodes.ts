import * as path from 'node:path';
import type { DispatcherState, RunningProcess } from '../../runner';
import type { CommandId } from '../manifest';

/** What the tree shows of a site that is being served. */
export interface SiteState {
  readonly url: string;
  /** The address under which it is reached from outside of this machine, where that is another one. */
  readonly forwarded: string | undefined;
  /** Absolute. */
  readonly folder: string;
  readonly dispatchers: readonly DispatcherState[];
  readonly requests: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** One line of the tree. */
export interface SiteNode {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  /** Name of a product icon. */
  readonly icon: string;
  /** What menus tell it by: `site`, `dispatcher`, `pausedDispatcher`, `process`, `link`. */
  readonly context: string;
  readonly command?: CommandId;
  /** The program that it is about, absolute. */
  readonly dispatcher?: string;
  readonly children: readonly SiteNode[];
}

/** Words of the tree, in the reader's language; `{0}` is filled in. */
export interface SiteWords {
  readonly requests: string;
  readonly output: string;
  readonly process: string;
  readonly answered: string;
  readonly busy: string;
  readonly idle: string;
  readonly notRunning: string;
  readonly failed: string;
  readonly nextTry: string;
  readonly forwarded: string;
}

/** The tree of a site: its address, its programs with their processes, and the ways to requests and output. */
export function siteNodes(state: SiteState, words: SiteWords): readonly SiteNode[] {
  const { url, forwarded, folder } = state;
  const tooltip = forwarded === undefined ? folder : `${folder}\n${fill(words.forwarded, forwarded)}`;
  return [
    {
      ...PLAIN,
      id: 'site',
      label: url,
      description: path.basename(folder),
      tooltip,
      icon: 'globe',
      context: 'site',
      command: 'fastcgi.openInBrowser',
    },
    ...state.dispatchers.map((one) => dispatcherNode(one, state, words)),
    {
      ...PLAIN,
      id: 'requests',
      label: words.requests,
      description: String(state.requests),
      icon: 'list-unordered',
      context: 'link',
      command: 'fastcgi.requests.show',
    },
    {
      ...PLAIN,
      id: 'output',
      label: words.output,
      icon: 'output',
      context: 'link',
      command: 'fastcgi.showOutput',
    },
  ];
}

const PLAIN = { description: '', tooltip: '', children: [] } as const;

function dispatcherNode(one: DispatcherState, { folder, now }: SiteState, words: SiteWords): SiteNode {
  const { dispatcher, processes, pause } = one;
  const seconds = pause === null ? 0 : Math.max(0, Math.ceil((pause.until - now) / 1000));
  const busy = processes.filter((process) => process.busy).length;
  const calm = processes.length === 0 ? words.notRunning : busy > 0 ? words.busy : words.idle;
  return {
    // VS Code opens a line once, when it first sees its id: one that gets its first process is another one.
    id: `${processes.length > 0 ? 'running' : 'waiting'} ${dispatcher}`,
    label: path.relative(folder, dispatcher) || dispatcher,
    description:
      pause === null ? calm : `${fill(words.failed, pause.failures)}, ${fill(words.nextTry, seconds)}`,
    tooltip: pause === null ? dispatcher : `${dispatcher}\n\n${pause.message}`,
    icon: pause === null ? 'server-process' : 'warning',
    context: pause === null ? 'dispatcher' : 'pausedDispatcher',
    dispatcher,
    children: processes.map((process) => processNode(process, words)),
  };
}

function processNode({ dispatcher, pid, busy, answered }: RunningProcess, words: SiteWords): SiteNode {
  return {
    ...PLAIN,
    id: `process ${pid}`,
    label: fill(words.process, pid),
    description: `${busy ? words.busy : words.idle} · ${fill(words.answered, answered)}`,
    icon: busy ? 'debug-start' : 'circle-outline',
    context: 'process',
    dispatcher,
  };
}

function fill(text: string, value: number | string): string {
  return text.replace('{0}', () => String(value));
}
