import { defineModule } from './define';

export const mod_slotmem_plain = defineModule({
  name: 'mod_slotmem_plain',
  directives: {},
});
