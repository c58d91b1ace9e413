/** A header as written: its value, or null for one that must not be sent (`{!Name}`). */
export interface WrittenHeader {
  readonly name: string;
  readonly value: string | null;
}

/** A variable as written: its value, or null for one that must not be set (`!NAME`). */
export interface WrittenVariable {
  readonly name: string;
  readonly value: string | null;
}

/** Who is expected to answer. Paths are relative to the folder of the `*.urls` file, or begin with `/` at the document root. */
export type ExpectedAnswer =
  | { readonly kind: 'script' | 'file'; readonly path: string }
  | { readonly kind: 'listing'; readonly path?: string };

/** What stands to the right of the arrow. Only what is given is compared. */
export interface Expectation {
  readonly status?: number;
  /** A whole address, or a path of the same host. */
  readonly location?: string;
  readonly answer?: ExpectedAnswer;
  /** Media type, without parameters or with all of them. */
  readonly type?: string;
  readonly variables: readonly WrittenVariable[];
  readonly headers: readonly WrittenHeader[];
}

/** What is asked: the left side. All texts are ordinary text, as a person writes them. */
export interface WrittenRequest {
  /** In capitals. */
  readonly method: string;
  /** A path with query, or a whole address with `http://` or `https://`. */
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** A request with what is expected of it: one line. */
export interface WrittenCase extends WrittenRequest {
  readonly expectation: Expectation;
}

/** A case with its place in the file. */
export interface UrlCase extends WrittenCase {
  /** Offsets of the line's content, without indentation and line end. */
  readonly start: number;
  readonly end: number;
  /** 1-based. */
  readonly line: number;
}

/** A line that cannot be understood. */
export interface UrlProblem {
  /** Offsets of the words that are meant. */
  readonly start: number;
  readonly end: number;
  /** 1-based; the column counts UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** What is wrong and how to write it. */
  readonly message: string;
}
