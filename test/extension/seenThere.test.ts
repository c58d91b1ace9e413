import { describe, expect, it } from 'vitest';
import { SeenThere } from '../../src/extension/targets/seenThere';

const place = { target: 'web', path: 'dispatch.fcgi' };

describe('what was seen on a target', () => {
  it('holds for the place where it was seen only', () => {
    const seen = new SeenThere();
    seen.addFile('web at one place', 'dispatch.fcgi', { there: 'dispatch-2.fcgi', mode: 0o644 });
    expect(seen.of('web at another place', place)).toBeUndefined();
    expect(seen.of('web at one place', place)).toMatchObject({ target: 'web', mode: 0o644 });
    expect(seen.file('web at one place', 'dispatch.fcgi')?.there).toBe('dispatch-2.fcgi');
  });

  it('holds until it may be otherwise', () => {
    const seen = new SeenThere();
    const mode = (path: string) => seen.of('web', { target: 'web', path })?.mode;
    seen.addFile('web', 'a.fcgi', { there: 'a.fcgi', mode: 0o644, owner: { file: 0, folder: 1 } });
    seen.addFile('web', 'b.fcgi', { there: 'b.fcgi', mode: 0o777 });
    seen.addFile('web', 'a.fcgi', { there: 'a.fcgi', mode: 0o755 });
    expect(seen.of('web', { target: 'web', path: 'a.fcgi' })?.owner).toBeUndefined();
    expect([mode('a.fcgi'), mode('b.fcgi')]).toEqual([0o755, 0o777]);
    seen.forgetFiles('web', 'b.fcgi');
    expect([mode('a.fcgi'), mode('b.fcgi')]).toEqual([0o755, undefined]);
    seen.forgetFiles('web');
    expect(mode('a.fcgi')).toBeUndefined();
  });

  it('looks for missing programs anew, not for those that are there', () => {
    const seen = new SeenThere();
    seen.addInterpreter('web', 'python9', { found: false, others: [] });
    seen.addInterpreter('web', 'python3', { found: true, others: [] });
    seen.forgetMissing('web');
    expect([...(seen.of('web', place)?.interpreters ?? [])]).toEqual([
      ['python3', { found: true, others: [] }],
    ]);
  });
});
