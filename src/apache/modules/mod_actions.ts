import { lowerCase } from '../../text/bytes';
import type { Handled } from '../request/handlers';
import type { RequestRecord } from '../request/record';
import { escapeUri } from '../request/uri';
import { readWord } from '../syntax/words';
import { defineModule, type ApacheModule, type Refusal } from './define';

/** A script that answers for a handler name or media type; `isVirtual` where the file need not exist. */
interface Action {
  readonly script: string;
  readonly isVirtual: boolean;
}

/** mod_actions's per-directory configuration: by handler name or media type in lower case. */
export interface ActionsConfig {
  readonly actions: Map<string, Action>;
}

function addAction(
  config: ActionsConfig,
  type: string,
  { script, option }: { script: string; option: string | undefined },
): Refusal {
  if (option !== undefined && option.toLowerCase() !== 'virtual') return `unrecognized option '${option}'`;
  config.actions.set(lowerCase(type), { script, isVirtual: option !== undefined });
  return undefined;
}

export const mod_actions: ApacheModule<ActionsConfig> = defineModule<ActionsConfig>({
  name: 'mod_actions',
  createDirConfig: () => ({ actions: new Map() }),
  mergeDirConfig: (base, add) => ({ actions: new Map([...base.actions, ...add.actions]) }),
  directives: {
    Action: {
      args: 'TAKE23',
      where: ['FileInfo'],
      help: 'a media type followed by a script name',
      summary:
        'Lets a script answer for a handler name or media type; the script gets the path of the file as its path info.',
      values: ['virtual'],
      apply: (_cmd, config, type, script, option) => addAction(config, type, { script, option }),
    },
    Script: {
      args: 'TAKE2',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'a method followed by a script name',
      summary: 'Lets a script answer requests of one method. Only the host can set it.',
    },
  },
});

/** Hands the request over to the script of its handler or media type (action_handler). */
export function actionHandler(r: RequestRecord, name: string): Handled | 'declined' {
  const config = r.host.modules.includes('mod_actions') ? r.perDirConfig.get(mod_actions) : undefined;
  const action = config?.actions.get(lowerCase(name));
  if (action === undefined) return 'declined';
  if (!action.isVirtual && r.finfo === undefined) {
    r.logError(`AH00652: File does not exist: ${r.filename ?? ''}`);
    return 404;
  }
  r.env.set('HANDLER', name);
  const query = r.args === null ? '' : `?${r.args}`;
  const target = `${action.script}${escapeUri(r.uri)}${query}`;
  r.traceDirective('mod_actions', {
    directive: 'Action',
    text: `Action ${name}: ${target}`,
    fits: (args) => lowerCase(readWord(args, 0).value) === lowerCase(name),
    result: 'applied',
    comparison: { subject: r.handler ?? r.contentType ?? '', pattern: name },
    changes: [{ what: 'uri', before: r.uri, after: target }],
  });
  return { kind: 'internal-redirect', target };
}
