import { defineModule } from '../define';

export const mod_rewrite = defineModule({ name: 'mod_rewrite', directives: {} });
