import type { PatternFeatures } from '../ast';
import type { StartItems } from '../startItems';
import { newFrame, type Frame } from './frame';
import { initialOptions, type ParseOptions } from './options';

/** A refusal before its text is looked up. */
export interface Refusal {
  readonly code: number;
  readonly offset: number;
}

/**
 * What the parser knows on its way. All of it stands in one class, since one is made for each of thousands of patterns; the methods
 * are in the classes built on it, from reading characters to parsing groups.
 */
export class ParserState {
  protected readonly source: string;
  protected readonly start: StartItems;
  protected readonly end: number;
  protected at: number;
  /** Option bits that hold now. */
  protected options: number;
  protected depth = 0;
  protected groupCount = 0;
  protected frame: Frame;
  protected readonly open: Frame[] = [];
  protected refusal: Refusal | undefined;
  protected names: Map<string, number[]> | undefined;
  protected nameEntries = 0;
  /** For each named number the place of its entry in the list of names. */
  protected entryOfNumber: Map<number, number> | undefined;
  protected smallReferences: number[] | undefined;
  protected readonly features: PatternFeatures = {
    lookbehind: false,
    reference: false,
    countedGroup: false,
    branchReset: false,
    conditional: false,
    verb: false,
    loops: 0,
    groupLoops: 0,
    choices: 1,
  };

  protected quoting = false;
  /** The item before can take a quantifier. */
  protected quantifiable = false;
  /** The item before is a quantifier that can take `?` or `+`. */
  protected afterQuantifier = false;
  /** 2 behind (?( when an assertion must follow, 1 when a callout came between. */
  protected expectAssertion = 0;
  protected lastCharacterStart = 0;

  // Results of readEscape() and readNumber().
  protected character = 0;
  protected number = 0;
  protected numberError = 0;

  constructor(source: string, options: ParseOptions, start: StartItems) {
    this.source = source;
    this.start = start;
    this.end = source.length;
    this.at = start.bodyStart;
    this.options = initialOptions(options);
    this.refusal = start.refusal;
    this.frame = newFrame({ start: start.bodyStart, type: 'plain' }, this.options);
  }
}
