import { defineModule } from './define';

export const mod_authn_anon = defineModule({
  name: 'mod_authn_anon',
  directives: {
    Anonymous: { args: 'ITERATE', where: ['AuthConfig'], help: 'a space-separated list of user IDs' },
    Anonymous_MustGiveEmail: { args: 'FLAG', where: ['AuthConfig'], help: "Limited to 'on' or 'off'" },
    Anonymous_NoUserId: { args: 'FLAG', where: ['AuthConfig'], help: "Limited to 'on' or 'off'" },
    Anonymous_VerifyEmail: { args: 'FLAG', where: ['AuthConfig'], help: "Limited to 'on' or 'off'" },
    Anonymous_LogEmail: { args: 'FLAG', where: ['AuthConfig'], help: "Limited to 'on' or 'off'" },
  },
});
