import { readRequire } from '../../syntax/requireWords';
import { sectionArgument } from '../core/sectionArgument';
import type { Command, DirectiveOf, Refusal } from '../define';
import {
  newSection,
  sectionName,
  type AuthzConfig,
  type AuthzLine,
  type AuthzLogic,
  type AuthzSection,
} from './config';

/** The highest bit stands for a method that nobody uses; without it a section counts as limited, as in <Limit>. */
const ALL_BUT_HIGHEST = 0x7fff_ffff;

type RawDirective = NonNullable<DirectiveOf<'RAW_ARGS', AuthzConfig>['apply']>;

/** `Require [not] provider …` (add_authz_provider). */
export const addLine: RawDirective = (cmd, config, args) => {
  const line = readLine(cmd, args);
  if ('refusal' in line) return line.refusal;
  const section = (config.section ??= newSection('or'));
  if (line.negate && section.logic === 'or')
    return `negative ${cmd.name} directive has no effect in ${sectionName(section)} directive`;
  section.limited |= line.limited;
  section.children.push(line);
  return undefined;
};

function readLine(cmd: Command, args: string): AuthzLine | { readonly refusal: string } {
  const { negate, provider: name, rest } = readRequire(args);
  const provider = cmd.authzProvider(name);
  if (provider === undefined) return { refusal: `Unknown Authz provider: ${name}` };
  const parsed = provider.parse(cmd, rest);
  if ('refusal' in parsed) return parsed;
  const text = `${name} ${rest}`;
  return { kind: 'line', negate, limited: cmd.limited, text, origin: cmd.origin, check: parsed.check };
}

/** <RequireAll>, <RequireAny> and <RequireNone> (add_authz_section). */
export function addSection(logic: AuthzLogic, negate = false): RawDirective {
  return (cmd, config, args) => {
    const name = cmd.name;
    const argument = sectionArgument(cmd, args);
    if ('refusal' in argument) return argument.refusal;
    if (argument.text !== '') return `${name}> directive doesn't take additional arguments`;
    const outer = config.section;
    const section = newSection(logic, negate, cmd.origin);
    config.section = section;
    const refusal = walkUnlimited(cmd);
    config.section = outer;
    return refusal ?? putInto(config, section);
  };
}

function walkUnlimited(cmd: Command): Refusal {
  const limited = cmd.limited;
  cmd.limited &= ALL_BUT_HIGHEST;
  const refusal = cmd.walkChildren(cmd.context, ['AuthConfig']);
  cmd.limited = limited;
  return refusal;
}

function putInto(config: AuthzConfig, section: AuthzSection): Refusal {
  if (section.children.length === 0)
    return `${sectionName(section)} directive contains no authorization directives`;
  const outer = (config.section ??= newSection('or'));
  if (section.negate && outer.logic === 'or')
    return `${sectionName(section)} directive has no effect in ${sectionName(outer)} directive`;
  outer.limited |= section.limited;
  const isAssociative = !section.negate && section.logic === outer.logic;
  outer.children.push(...(isAssociative ? section.children : [section]));
  return undefined;
}
