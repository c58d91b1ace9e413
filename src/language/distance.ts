/** Edits (insert, delete, replace, swap of neighbours) between two short words, in any case; more than `most` counts as `most + 1`. */
export function editDistance(one: string, other: string, most: number): number {
  const from = one.toLowerCase();
  const to = other.toLowerCase();
  if (Math.abs(from.length - to.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_none, at) => at);
  for (let row = 1; row <= from.length; row++) {
    const now = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      let cost = Math.min(
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        (last[column] ?? 0) + 1,
        (now[column - 1] ?? 0) + 1,
      );
      const isSwap =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      now.push(cost);
    }
    before = last;
    last = now;
  }
  return Math.min(last[to.length] ?? 0, most + 1);
}

/** The words nearest to a misspelled one, nearest first, at most three. A long garbled word has none. */
export function nearest(word: string, known: Iterable<string>): string[] {
  if (word.length > 60) return [];
  const most = Math.max(1, Math.min(3, Math.floor(word.length / 3)));
  const found: { readonly word: string; readonly distance: number }[] = [];
  for (const candidate of known) {
    const distance = editDistance(word, candidate, most);
    if (distance <= most && distance > 0 && distance < word.length) found.push({ word: candidate, distance });
  }
  found.sort((one, other) => one.distance - other.distance || one.word.localeCompare(other.word, 'en'));
  return found.slice(0, 3).map((one) => one.word);
}
