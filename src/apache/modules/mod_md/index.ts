import { checkContext } from '../context';
import { defineModule, type Command, type Refusal } from '../define';
import { authorityDirectives } from './authority';
import { domainDirectives } from './domains';

/** Sets what holds for the whole server, even from a .htaccess; without managed names nothing comes of it. */
function requireHttps(cmd: Command, _config: unknown, value: string): Refusal {
  const misplaced = checkContext(cmd, ['limit']);
  if (misplaced !== undefined) return misplaced;
  return ['off', 'temporary', 'permanent'].includes(value.toLowerCase())
    ? undefined
    : `unknown '${value}', supported parameter values are 'temporary' and 'permanent'`;
}

export const mod_md = defineModule({
  name: 'mod_md',
  directives: {
    ...authorityDirectives,
    ...domainDirectives,
    MDRequireHttps: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'Redirect non-secure requests to the https: equivalent.',
      summary: 'Leads visitors of managed names from HTTP to HTTPS.',
      values: ['off', 'temporary', 'permanent'],
      apply: requireHttps,
    },
  },
});
