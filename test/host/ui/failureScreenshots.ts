import { afterEach } from 'vitest';
import { openWorkbenches } from '../ui';

// What the windows showed when a test failed, as FAILED-file-test-N.png beside the other screenshots.
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  const name = `${task.file.name.split('/').at(-1)}-${task.name}`.replaceAll(/[^\w.]+/g, '-');
  let n = 0;
  for (const workbench of openWorkbenches) await workbench.screenshot(`FAILED-${name}-${++n}`);
});
