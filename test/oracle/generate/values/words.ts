import type { Random } from '../random';

/** Makes the arguments of a directive as they stand in a line: mostly right ones, with slips. */
export type ValueMaker = (random: Random) => string;

/** One of the texts, as they are. */
export function oneOf(...texts: readonly string[]): ValueMaker {
  return (random) => random.pick(texts);
}

/** A word as it stands in a line: quoted where it must be, and sometimes where it need not. */
export function word(random: Random, texts: readonly string[]): string {
  const text = random.pick(texts);
  return text === '' || /\s/.test(text) || random.chance(0.2) ? `"${text.replaceAll('"', '\\"')}"` : text;
}

/** One word after the other, each from its own list. */
export function words(...lists: readonly (readonly string[])[]): ValueMaker {
  return (random) => lists.map((list) => word(random, list)).join(' ');
}

/** The first lists always, further ones while chance wants them. */
export function someWords(least: number, ...lists: readonly (readonly string[])[]): ValueMaker {
  return (random) => {
    let count = least;
    while (count < lists.length && random.chance(0.6)) count += 1;
    return words(...lists.slice(0, count))(random);
  };
}
