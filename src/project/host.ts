import * as v from 'valibot';
import { hostProfile, type HostProfile } from '../apache/host';
import { faultsOf, type Fault } from './faults';
import { choice, flag, list, object, port, text, texts, type SchemaOf } from './fields';

/**
 * Hosts that can be named instead of described: what differs from a usual shared host. Distributions keep their version and
 * take corrections of defects alone, so that its name says which directives there are.
 */
export const HOST_PRESETS: Readonly<Record<string, Partial<HostProfile>>> = {
  /** Apache 2.4 with the usual modules and AllowOverride All. Source: measured with Debian's packages, version and modules. */
  usual: {},
  /**
   * All classes but Options, which then answers 500 in a `.htaccess`. Source: the classes of AllowOverride,
   * https://httpd.apache.org/docs/2.4/mod/core.html#allowoverride
   */
  'no-options': { allowOverride: ['AuthConfig', 'FileInfo', 'Indexes', 'Limit'] },
  /** Source: https://packages.ubuntu.com/jammy/apache2 */
  'ubuntu-22.04': { apache: '2.4.52' },
  /** Source: https://packages.ubuntu.com/noble/apache2 */
  'ubuntu-24.04': { apache: '2.4.58' },
  /** Module stream httpd:2.4 of RHEL 8 and its rebuilds. Source: https://access.redhat.com/support/policy/updates/rhel-app-streams-life-cycle */
  'enterprise-linux-8': { apache: '2.4.37' },
};

const FILE_MODES = 'must be true, false or "group"';

const hostFields = {
  apache: v.exactOptional(text(/^2\.\d+\.\d+$/, 'must be a version such as "2.4.62"')),
  fcgid: v.exactOptional(v.nullable(text(/^2\.\d+\.\d+$/, 'must be a version such as "2.3.9", or null'))),
  modules: v.exactOptional(list(/^\w+$/, 'must be a list of module names such as "mod_rewrite"')),
  directives: v.exactOptional(
    list(
      /^[\w-]+\*?( [^\s*]+\*?)?$/,
      'must be a list of directives such as "Passenger*" or "Require shib-*"',
    ),
  ),
  treeRoot: v.exactOptional(
    text(/^(?:\/[^/]+)+$/, 'must be an absolute path on the server, without a slash at the end'),
  ),
  serverName: v.exactOptional(text(/^[^\s/]+$/, 'must be a host name')),
  port: v.exactOptional(port),
  https: v.exactOptional(flag),
  remoteAddr: v.exactOptional(text(/^[\da-fA-F.:]+$/, 'must be an IP address')),
  serverAddr: v.exactOptional(text(/^[\da-fA-F.:]+$/, 'must be an IP address')),
  serverAdmin: v.exactOptional(text(/^/, 'must be a text')),
  allowOverride: v.exactOptional(list(/^\S+$/, 'must be a list of words as after AllowOverride')),
  allowOverrideList: v.exactOptional(list(/^\S+$/, 'must be a list of directive names')),
  allowOverrideOptions: v.exactOptional(
    v.lazy<SchemaOf<'all' | string[]>>((value) =>
      typeof value === 'string'
        ? choice(['all'])
        : list(/^\S+$/, 'must be "all" or a list of names as after Options'),
    ),
  ),
  options: v.exactOptional(list(/^\S+$/, 'must be a list of names as after Options')),
  defines: v.exactOptional(list(/^\S+$/, 'must be a list of names')),
  environment: v.exactOptional(texts),
  directoryIndex: v.exactOptional(list(/^\S+$/, 'must be a list of file names')),
  addHandler: v.exactOptional(texts),
  mimeTypes: v.exactOptional(texts),
  useCanonicalName: v.exactOptional(choice(['Off', 'On', 'DNS'])),
  caseInsensitive: v.exactOptional(flag),
  fileModes: v.exactOptional(
    v.lazy<SchemaOf<boolean | 'group'>>((value) =>
      typeof value === 'string' ? v.literal('group', FILE_MODES) : v.boolean(FILE_MODES),
    ),
  ),
};

const hostObject = object(hostFields);

/** A preset's name or an object of known fields -> the known fields. */
export const hostSchema = v.lazy<SchemaOf<Partial<HostProfile>>>((value) =>
  typeof value === 'string'
    ? v.pipe(
        choice(Object.keys(HOST_PRESETS)),
        v.transform((name) => HOST_PRESETS[name] ?? {}),
      )
    : hostObject,
);

/**
 * A host profile from outside: the value of `"host"` in the project file, a batch line or a language client's setting.
 * Fields that cannot be used are left out and reported; the rest describes a usual shared host.
 */
export function parseHost(value: unknown): { host: HostProfile; faults: readonly Fault[] } {
  const { output, faults } = faultsOf<Partial<HostProfile>>(hostSchema, value ?? {}, {});
  return { host: hostProfile(output), faults };
}
