/** A pattern ready for the matcher. */
import type { Pattern } from './ast';
import type { LookbehindLengths } from './lookbehind';
import { type ByteSet, characterTypes, isWord, otherCase, otherCaseUcp, setOfRanges } from './classes';
import { type Emitted, emitProgram } from './emit';
import { possessify } from './possessify';
import { type Study, studyProgram } from './study';

export interface Program extends Omit<Emitted, 'code'> {
  readonly code: Int32Array;
  readonly study: Study;
  readonly settings: Pattern['settings'];
  readonly groupCount: number;
  readonly dollarEndOnly: boolean;
  readonly words: ByteSet;
  /** Each byte's lower case, for backreferences without case. */
  readonly lowerCase: Uint8Array;
  /** Nested steps for which the library's heap limit leaves room; 0 when it has none for the first. */
  readonly maxFrames: number;
}

// A frame of the library on a 64-bit machine: a fixed part and two offsets per group.
const FRAME_SIZE = 128;
const GROUP_SIZE = 16;
const FIRST_HEAP = 20480;

/** Compiles a checked pattern for the matcher. */
export function buildProgram(pattern: Pattern, lengths: LookbehindLengths, dollarEndOnly: boolean): Program {
  const emitted = emitProgram(pattern, lengths);
  const { settings, groupCount } = pattern;
  if (!settings.noAutoPossess) possessify(emitted);
  return {
    ...emitted,
    code: Int32Array.from(emitted.code),
    study: studyProgram(emitted, pattern),
    settings,
    groupCount,
    dollarEndOnly,
    words: settings.ucp ? ucpWords : words,
    lowerCase: settings.ucp || settings.utf ? ucpLowerCase : lowerCase,
    maxFrames: maxFrames(settings.heapLimit * 1024, FRAME_SIZE + GROUP_SIZE * groupCount),
  };
}

/** The library's memory for frames doubles until the limit; one frame more than it needs must fit (measured on 10.42-1+deb12u2). */
function maxFrames(limit: number, frameSize: number): number {
  if (frameSize > limit) return 0;
  const largest = Math.floor(limit / frameSize) * frameSize;
  let size = Math.min(Math.max(frameSize * 10, FIRST_HEAP), limit);
  while (size * 2 <= limit) size *= 2;
  return Math.ceil(Math.max(size, largest) / frameSize) - 1;
}

const words: ByteSet = characterTypes.map((bits) => (bits & isWord) >> 5);
const ucpWords: ByteSet = setOfRanges('3039415a5f5f617aaaaab2b3b5b5b9babcbec0d6d8f6f8ff');
const lowerCase = buildLowerCase(otherCase);
const ucpLowerCase = buildLowerCase(otherCaseUcp);

function buildLowerCase(fold: (code: number) => number): Uint8Array {
  return new Uint8Array(256).map((_, code) => Math.max(code, fold(code)));
}
