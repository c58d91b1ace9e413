import { defineModule } from './define';

export const mod_bucketeer = defineModule({
  name: 'mod_bucketeer',
  directives: {},
});
