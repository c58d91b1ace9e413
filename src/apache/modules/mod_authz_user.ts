import { defineModule } from './define';
import { wordsProvider } from './requireWords';

export const mod_authz_user = defineModule({
  name: 'mod_authz_user',
  directives: {},
  authzProviders: {
    user: wordsProvider('AH02594: authz_user authorize: require user', (r, words) => {
      if (r.user === null) return 'no user';
      return words()?.includes(r.user) === true ? 'granted' : 'denied';
    }),
    'valid-user': {
      parse: () => ({ check: (r) => (r.user === null ? 'no user' : 'granted') }),
    },
  },
});
