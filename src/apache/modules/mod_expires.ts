import { defineModule } from './define';

export const mod_expires = defineModule({
  name: 'mod_expires',
  directives: {
    ExpiresActive: { args: 'FLAG', where: ['Indexes'], help: "Limited to 'on' or 'off'" },
    ExpiresByType: { args: 'TAKE2', where: ['Indexes'], help: 'a MIME type followed by an expiry date code' },
    ExpiresDefault: { args: 'TAKE1', where: ['Indexes'], help: 'an expiry date code' },
  },
});
