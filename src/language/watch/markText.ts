import type { LineMark } from './lineMarks';

/** Columns of an editor in a small window: what begins further right is seen only by who scrolls. */
const COLUMNS = 88;

/** Characters that a mark has behind the longest line. */
const LEAST = 28;

/**
 * A mark for the end of a line of so many characters: all of it where it fits, else what matters most of each time that the
 * line had its turn, else that of the time that changed something, without its middle. The whole is in the hover.
 */
export function markText({ texts, briefs }: Pick<LineMark, 'texts' | 'briefs'>, lineLength: number): string {
  const room = Math.max(LEAST, COLUMNS - lineLength);
  const whole = texts.join('  ·  ');
  if (whole.length <= room) return whole;
  const short = [...new Set(briefs)];
  const joined = short.join('  ·  ');
  if (joined.length <= room) return joined;
  const first = short.find((text) => text.startsWith('→')) ?? short[0] ?? '';
  const more = short.length > 1 ? `  ·  +${short.length - 1}` : '';
  return withoutMiddle(first, room - more.length) + more;
}

/** The end of a path or value tells more than its middle. No character of two units is cut in half. */
function withoutMiddle(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = Array.from(text);
  const front = Math.ceil((length - 1) / 2);
  const back = Math.max(0, length - 1 - front);
  return `${characters.slice(0, front).join('')}…${characters.slice(Math.max(front, characters.length - back)).join('')}`;
}
