/** Rows of a list, by their place: an array, or something that makes a row when it is looked at. */
export interface Rows<Row> {
  readonly length: number;
  at(index: number): Row | undefined;
  /** Place of the row with this id; -1 where there is none. */
  indexOf(id: number): number;
}

/** An array as rows. */
export function rowsOf<Row extends { readonly id: number }>(rows: readonly Row[]): Rows<Row> {
  return {
    length: rows.length,
    at: (index) => rows[index],
    indexOf: (id) => rows.findIndex((row) => row.id === id),
  };
}
