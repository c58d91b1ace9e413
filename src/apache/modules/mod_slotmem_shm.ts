import { defineModule } from './define';

export const mod_slotmem_shm = defineModule({
  name: 'mod_slotmem_shm',
  directives: {},
});
