import type { HostProfile } from '../apache/host';
import type { LearnedHost } from './learnHost';

/** What was learned, in a few lines for people; with what the described profile says otherwise. */
export function learnedText({ host, notes }: LearnedHost, described: HostProfile): string {
  const { modules, directives = [], allowOverride = [], allowOverrideOptions } = host;
  const granted = allowOverride.join(' ');
  const options =
    typeof allowOverrideOptions === 'object' ? ` (of Options: ${allowOverrideOptions.join(', ')})` : '';
  const different = differences(host, described);
  return [
    ...(host.apache === undefined ? [] : [`Apache ${host.apache}`]),
    `AllowOverride ${granted}${options}`,
    ...(modules === undefined ? [] : [`${modules.length} modules: ${modules.join(' ')}`]),
    ...(directives.length === 0 ? [] : [`Directives of other modules: ${directives.join(', ')}`]),
    ...notes,
    '',
    different.length === 0 ? 'It is as you have described it.' : 'Otherwise than it is described now:',
    ...different.map((one) => `- ${one}`),
  ].join('\n');
}

function differences(host: LearnedHost['host'], described: HostProfile): readonly string[] {
  const { apache, modules, directives = [], allowOverride, allowOverrideOptions = 'all' } = host;
  const others = directives.filter((one) => !described.directives.includes(one));
  const missing = modules && described.modules.filter((name) => !modules.includes(name));
  const more = modules?.filter((name) => !described.modules.includes(name)) ?? [];
  return [
    ...(apache === undefined || apache === described.apache
      ? []
      : [`version ${apache}, not ${described.apache}`]),
    ...(sameWords(allowOverride, described.allowOverride)
      ? []
      : [`AllowOverride ${(allowOverride ?? []).join(' ')}, not ${described.allowOverride.join(' ')}`]),
    ...(sameWords(listed(allowOverrideOptions), listed(described.allowOverrideOptions))
      ? []
      : [`of Options: ${listed(allowOverrideOptions).join(', ')}`]),
    ...(missing && missing.length > 0 ? [`not loaded: ${missing.join(' ')}`] : []),
    ...(others.length > 0 ? [`known besides: ${others.join(', ')}`] : []),
    ...(more.length > 0 ? [`loaded besides: ${more.join(' ')}`] : []),
  ];
}

function listed(options: 'all' | readonly string[]): readonly string[] {
  return options === 'all' ? ['all'] : options;
}

function sameWords(one: readonly string[] = [], other: readonly string[]): boolean {
  return [...one].sort().join(' ') === [...other].sort().join(' ');
}
