import { lowerCase } from '../../text/bytes';
import { DirConfig } from '../config/dirConfig';
import { registryFor } from '../config/registry';
import type { HostProfile } from '../host';
import { core } from '../modules/core';
import { OPTION } from '../modules/core/config';
import { optionBits } from '../modules/core/options';
import { mod_authz_core } from '../modules/mod_authz_core';
import { everybody } from '../modules/mod_authz_core/config';
import { mod_dir } from '../modules/mod_dir';
import { mod_mime } from '../modules/mod_mime';

const known = new WeakMap<HostProfile, DirConfig>();

/** The configuration that the server's own files give outside of all sections, made once for each profile. */
export function serverConfigFor(host: HostProfile): DirConfig {
  let config = known.get(host);
  if (config === undefined) known.set(host, (config = makeServerConfig(host)));
  return config;
}

function makeServerConfig(host: HostProfile): DirConfig {
  const config = new DirConfig();
  for (const module of registryFor(host).modules) config.ensure(module, null);
  const coreConfig = config.ensure(core, null);
  coreConfig.options = host.options.length === 0 ? OPTION.followSymLinks : optionBits(host.options);
  config.ensure(mod_dir, null).indexNames = host.directoryIndex;
  const mime = config.ensure(mod_mime, null);
  for (const [extension, handler] of Object.entries(host.addHandler)) {
    mime.extensions.set(lowerCase(extension), { handler });
  }
  return config;
}

const directories = new WeakMap<HostProfile, DirConfig>();

/** What the server's <Directory> says for the site, made once for each profile: that everybody may come in. */
export function directoryConfigFor(host: HostProfile): DirConfig {
  let config = directories.get(host);
  if (config !== undefined) return config;
  directories.set(host, (config = new DirConfig()));
  if (host.modules.includes('mod_authz_core')) config.ensure(mod_authz_core, null).section = everybody();
  return config;
}
