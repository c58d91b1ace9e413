import { FOREIGN_DIRECTIVE } from '../../apache/config/foreignDirectives';
import { foreignEntry, foreignModule, isUsualForeign, type ForeignModule } from '../../apache/foreign';
import { readRequire } from '../../apache/syntax/requireWords';
import type { ActiveDirective } from '../directives';
import type { AdviceRule } from '../rule';

/**
 * Some directives belong to modules that are no part of Apache but stand on many a host: Phusion Passenger, Shibboleth and others.
 * Where nothing is said of the host they are taken, since whoever has them in a `.htaccess` that works has the module. Apache without
 * it answers 500. Once `"host"` in the project file names `"modules"` or `"directives"`, what it says holds, and this is silent.
 *
 * Bad:
 * ```apache
 * PassengerMinInstances 1
 * ```
 *
 * Good:
 * ```apache
 * <IfModule mod_passenger.c>
 *   PassengerMinInstances 1
 * </IfModule>
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/core.html#ifmodule
 */
export const foreignModuleRule: AdviceRule = {
  code: 'host.foreign-module',
  title: 'A directive of a module that is no part of Apache',
  severity: 'information',
  *check(file) {
    if (!isUsualForeign(file.host.directives)) return;
    const told = new Set<ForeignModule>();
    for (const directive of file.directives) {
      if (directive.facts !== FOREIGN_DIRECTIVE && directive.name !== 'require') continue;
      const name = wholeName(directive);
      const module = foreignModule(name);
      if (module === undefined || told.has(module)) continue;
      told.add(module);
      yield {
        message: `${name} belongs to ${module.name}, which is no part of Apache. A host without it answers 500; if yours has it, say so: ${foreignEntry(module)}.`,
        ...file.nameOf(directive),
      };
    }
  },
};

/** The name as it stands in the file, of Require with its first word: it may be that word which a module brings. */
function wholeName({ name, args, line, nameLength }: ActiveDirective): string {
  const shown = line.text.slice(0, nameLength);
  if (name !== 'require') return shown;
  return `Require ${readRequire(args).provider}`;
}
