import type { HookResult } from '../request/hooks';
import type { RequestRecord } from '../request/record';
import { Table } from '../request/table';
import { readWord, readWords } from '../syntax/words';
import { defineModule, type ApacheModule } from './define';

/** mod_env's per-directory configuration. */
export interface EnvConfig {
  readonly variables: Table;
  /** Names that UnsetEnv takes away from what outer folders set. */
  readonly unset: Set<string>;
}

function mergeEnv(base: EnvConfig, add: EnvConfig): EnvConfig {
  const variables = base.variables.copy();
  for (const name of add.unset) variables.unset(name);
  for (const [name, value] of add.variables.entries()) variables.set(name, value);
  return { variables, unset: new Set() };
}

/** The variables come after those of SetEnvIf and [E=], which win where both set one. */
function setVariables(r: RequestRecord): HookResult {
  const config = r.perDirConfig.get(mod_env);
  if (config === undefined || config.variables.entries().length === 0) return 'declined';
  for (const [name, value] of config.variables.entries()) traceVariable(r, name, value);
  r.env = Table.overlay(config.variables, r.env);
  return 'ok';
}

function traceVariable(r: RequestRecord, name: string, value: string): void {
  if (!r.isTracing) return;
  const isPassed = r.perDirConfig.lastUse('SetEnv', (args) => firstWord(args) === name) === undefined;
  const earlier = r.env.get(name);
  r.traceDirective('mod_env', {
    directive: isPassed ? 'PassEnv' : 'SetEnv',
    text: earlier === undefined ? `variable ${name}=${value}` : `variable ${name} is set already: ${earlier}`,
    fits: (args) =>
      isPassed ? readWords(args).some((word) => word.value === name) : firstWord(args) === name,
    ...(earlier === undefined
      ? { result: 'applied', changes: [{ what: 'variable', name, after: value }] }
      : { result: 'skipped', reason: 'SetEnvIf or a rule has set it before, which wins' }),
  });
}

const firstWord = (args: string): string => readWord(args, 0).value;

export const mod_env: ApacheModule<EnvConfig> = defineModule<EnvConfig>({
  name: 'mod_env',
  createDirConfig: () => ({ variables: new Table(), unset: new Set() }),
  mergeDirConfig: mergeEnv,
  directives: {
    PassEnv: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'a list of environment variables to pass to CGI.',
      summary: "Hands variables of the server's own environment on to scripts.",
      apply(cmd, config, name) {
        const known = cmd.host.environment;
        if (Object.hasOwn(known, name)) config.variables.set(name, known[name] ?? '');
        else cmd.warn(`AH01506: PassEnv variable ${name} was undefined`);
        return undefined;
      },
    },
    SetEnv: {
      args: 'TAKE12',
      where: ['FileInfo'],
      help: 'an environment variable name and optional value to pass to CGI.',
      summary:
        'Sets an environment variable for scripts. It comes after rewriting and access control; use SetEnvIf where those must see it.',
      apply(cmd, config, name, value = '') {
        const [before, ...after] = name.split('=').filter((part) => part !== '');
        if (name.includes('=')) {
          cmd.warn(
            `AH10032: Spurious usage of '=' in an environment variable name. 'SetEnv ${before ?? ''} ${after.join('=')}' expected instead?`,
          );
        }
        config.variables.set(name, value);
        return undefined;
      },
    },
    UnsetEnv: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'a list of variables to remove from the CGI environment.',
      summary: 'Takes away variables that SetEnv or PassEnv set before, here or in a folder above.',
      apply(_cmd, config, name) {
        config.unset.add(name);
        config.variables.unset(name);
        return undefined;
      },
    },
  },
  hooks: { fixups: setVariables },
});
