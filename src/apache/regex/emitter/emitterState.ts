import type { ByteSet } from '../classes';
import type { Pattern } from '../ast';
import type { LookbehindLengths } from '../lookbehind';
import type { PropertyTest } from '../propertyExclusion';
import { unset } from './known';

/** A capturing group that is being compiled, and how many assertions are around it. */
export interface OpenCapture {
  readonly number: number;
  readonly assertionDepth: number;
}

/** What the emitter knows on its way; the methods are in the classes built on it. */
export class EmitterState {
  protected readonly pattern: Pattern;
  protected readonly lengths: LookbehindLengths;
  protected readonly ucp: boolean;
  /** Case is Unicode's. */
  protected readonly unicodeCase: boolean;
  protected readonly code: number[] = [];
  protected readonly sets: ByteSet[] = [];
  protected readonly typeSets = new Map<number, number>();
  protected readonly lists: (readonly number[])[] = [];
  protected readonly verbArguments: string[] = [];
  protected readonly properties: PropertyTest[] = [];
  protected assertionDepth = 0;
  protected openCaptures: OpenCapture[] = [];
  protected varies = 0;
  protected hasThen = false;
  protected hasPruneOrSkip = false;
  protected hasAccept = false;
  protected hasCall = false;
  protected hasKeepOut = false;
  protected hasCrOrLf = false;
  protected referenceMap = 0;
  protected topReference = 0;

  // The branch that is being compiled.
  protected first = unset;
  protected required = unset;
  // What these two fall back to when the item before turns out to be optional.
  protected zeroFirst = unset;
  protected zeroRequired = unset;
  protected groupSetFirst = false;
  protected matched = false;
  protected previousMatched = false;
  protected accepted = false;
  protected mustMatch = false;
  protected groupCanBeEmpty = false;

  constructor(pattern: Pattern, lengths: LookbehindLengths) {
    this.pattern = pattern;
    this.lengths = lengths;
    this.ucp = pattern.settings.ucp;
    this.unicodeCase = pattern.settings.ucp || pattern.settings.utf;
  }
}
