import { expect, test, vi } from 'vitest';
import type { MarkTone } from '../../../src/language';

vi.mock('vscode', () => ({ Uri: { parse: (text: string) => text } }));

const { signOf } = await import('../../../src/extension/watch/signs');

const TONES: readonly MarkTone[] = ['acted', 'matched', 'missed', 'unreached', 'refused'];
const BACKGROUNDS = { light: '#ffffff', dark: '#1f1f1f' } as const;

const svgOf = (tone: MarkTone, background: keyof typeof BACKGROUNDS) =>
  atob(String(signOf(tone, background)).replace('data:image/svg+xml;base64,', ''));

test('each tone has a shape of its own, the same on every background', () => {
  const shapes = TONES.map((tone) => / d="([^"]+)"/.exec(svgOf(tone, 'light'))?.[1]);
  expect(new Set(shapes).size).toBe(TONES.length);
  expect(TONES.map((tone) => / d="([^"]+)"/.exec(svgOf(tone, 'dark'))?.[1])).toEqual(shapes);
});

test('signs can be told from their background (WCAG: 3 to 1 for what is no text)', () => {
  for (const [name, background] of Object.entries(BACKGROUNDS) as [keyof typeof BACKGROUNDS, string][])
    for (const tone of TONES) {
      const colour = /stroke="(#\w+)"/.exec(svgOf(tone, name))?.[1] ?? '';
      const [one = 0, other = 0] = [luminance(colour), luminance(background)].sort((a, b) => b - a);
      expect((one + 0.05) / (other + 0.05), `${tone} on ${name}`).toBeGreaterThan(3);
    }
});

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
