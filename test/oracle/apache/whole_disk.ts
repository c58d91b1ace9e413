import type { Site } from '../../../src/apache/site';
import { DiskSite } from '../../../src/runner/diskSite';

/** This machine's files as a site, for directives that look at files anywhere. */
export function wholeDisk(): Site {
  const disk = new DiskSite({ folder: '/', treeRoot: '' });
  return Object.assign(disk, { knows: () => true });
}
