/**
 * The matcher: runs a program over a byte string by backtracking, without recursion. It keeps the order of PCRE2's interpreter and
 * counts the same steps, so that its limits (10,000,000 steps per starting point unless the pattern sets less) give the same verdict.
 *
 * State on the way: `at` in the subject, `pc` in the program, the captures, and a stack of choices. A choice remembers where to go on
 * when what follows fails. Captures are changed in place and restored from a trail on the way back; an atomic group drops choices but
 * not the trail.
 */
import type { NewlineConvention } from './ast';
import { newlineLength } from './newlines';
import { endOfGroup, isGroupStart, kind, mode, op } from './ops';

import type { Program } from './program';

/** No match, a limit, or an error of the library that Apache takes for no match. */
export const NO_MATCH = -1;
export const LIMIT = -47;
export const RECURSION_LOOP = -52;

/** Steps that one call may take over all starting points, so that no pattern can hang an editor. The library has no such limit. */
export const TOTAL_STEPS = 24_000_000;
/** Characters that repeats may scan in one call. */
const TOTAL_SCANS = 200_000_000;

const LONG_SUBJECT = 5000;

// Local copies here, and plain numbers in the labels below: of those V8 makes a jump table, of properties it does not.
const OP_CHAR = op.CHAR;
const OP_SET = op.SET;
const OP_DOT_CRLF = op.DOT_CRLF;
const OP_NEWLINE = op.NEWLINE;
const OP_CLUSTER = op.CLUSTER;
const OP_BRA = op.BRA;
const OP_CAPTURE_POSSESSIVE = op.CAPTURE_POSSESSIVE;
const OP_CAPTURE_EMPTY_POSSESSIVE = op.CAPTURE_EMPTY_POSSESSIVE;
const OP_CONDITION = op.CONDITION;
const OP_CONDITION_EMPTY = op.CONDITION_EMPTY;
const OP_AHEAD = op.AHEAD;
const OP_BEHIND = op.BEHIND;
const OP_ALT = op.ALT;
const OP_KET = op.KET;
const OP_KET_MIN = op.KET_MIN;
const OP_KET_POSSESSIVE = op.KET_POSSESSIVE;
const OP_IF_TRUE = op.IF_TRUE;
const OP_WORD_EDGE = op.WORD_EDGE;
const OP_FAIL = op.FAIL;
const LAZY = mode.LAZY;
const POSSESSIVE = mode.POSSESSIVE;
const CLASS = kind.CLASS;
const PROPERTY_CLASS = kind.PROPERTY_CLASS;

// What a choice is for; the labels of the interpreter's backtracking points.
const R_BRANCH = 1;
const R_GROUP = 2;
const R_AHEAD = 3;
const R_AHEAD_NOT = 4;
const R_CONDITION = 5;
const R_KET_MIN = 6;
const R_KET_MAX = 7;
const R_POSSESSIVE = 8;
const R_ZERO_MAX = 9;
const R_ZERO_MIN = 10;
const R_CALL = 11;
const R_MARK = 12;
const R_COMMIT = 13;
const R_PRUNE = 14;
const R_SKIP = 16;
const R_SKIP_NAMED = 17;
const R_THEN = 18;
const R_REPEAT_MIN = 23;
const R_REPEAT_MAX = 24;
const R_REFERENCE_MIN = 20;
const R_REFERENCE_MAX = 21;
const R_CONDITION_EMPTY = 35;

// Fields of a choice.
const WIDTH = 9;
const F_RETURN = 0;
const F_PC = 1;
const F_AT = 2;
const F_DEPTH = 3;
const F_TRAIL = 4;
const F_GROUP = 5;
const F_X = 6;
const F_Y = 7;
const F_TYPE = 8;

// Sorts of groups that a choice can open, in the high bits of its type; the low bits are a group number or an instruction.
const G_NONE = 0;
const G_CAPTURE = 1 << 20;
const G_PLAIN = 2 << 20;
const G_CONDITION = 3 << 20;
const G_CALL = 4 << 20;
const G_SORT = 7 << 20;

// Verdicts that travel up the choices.
const V_NONE = 0;
const V_COMMIT = 1;
const V_PRUNE = 2;
const V_SKIP = 3;
const V_SKIP_NAMED = 4;
const V_THEN = 5;
const V_ACCEPT = 6;
// What passVerdict() answers besides: an assertion is decided, or the choice fails as a whole.
const V_DECIDED_FALSE = -1;
const V_DECIDED_TRUE = -2;
const V_FAIL_HERE = -3;

/** Outcome of one attempt at one starting point: 1 is a match, 0 none, negative an error; verbs as 100 + verdict. */
const MATCHED = 1;
const FAILED = 0;
const VERB = 100;

/** Runs programs; keeps its stacks between calls. */
export class Matcher {
  private readonly program: Program;
  private readonly code: Int32Array;
  private subject = '';
  private end = 0;
  private startOffset = 0;

  private stack = new Int32Array(WIDTH * 64);
  private trail = new Int32Array(128);
  private trailTop = 0;
  private saved = new Int32Array(64);
  /** Start and end of each group, then the start of the match, the call that is running, the top of `saved`, the captures' top. */
  private readonly state: Int32Array;
  private readonly iStart: number;
  private readonly iCall: number;
  private readonly iSaved: number;
  private readonly iTop: number;

  private totalSteps = 0;
  private scans = 0;
  private matchEnd = 0;
  // What a verb on its way up carries.
  private verbCall = -1;
  private verbPlace = 0;
  private verbSkip = 0;
  private skipCount = 0;
  private ignoredSkips = 0;

  constructor(program: Program) {
    this.program = program;
    this.code = program.code;
    const captures = 2 * program.groupCount;
    this.iStart = captures;
    this.iCall = captures + 1;
    this.iSaved = captures + 2;
    this.iTop = captures + 3;
    this.state = new Int32Array(captures + 4);
  }

  /** The match at or after `from`, or a negative number (NO_MATCH, LIMIT or another error). */
  run(subject: string, from: number): Int32Array | number {
    this.subject = subject;
    this.end = subject.length;
    this.startOffset = from;
    this.totalSteps = 0;
    this.scans = 0;
    if (this.program.maxFrames < 1) return LIMIT;
    const result = this.search(from);
    this.subject = '';
    if (this.stack.length > 1 << 20) this.stack = new Int32Array(WIDTH * 64);
    if (this.trail.length > 1 << 20) this.trail = new Int32Array(128);
    return result;
  }

  /** Tries one starting point after the other. */
  private search(from: number): Int32Array | number {
    const { study, settings } = this.program;
    const optimize = !settings.noStartOptimize;
    let start = from;
    let requiredAt = from - 1;
    this.ignoredSkips = 0;
    for (;;) {
      if (optimize) {
        start = this.nextStart(start);
        if (start < 0 || this.end - start < study.minLength) return NO_MATCH;
        const p = start + (study.first >= 0 ? 1 : 0);
        if (study.required >= 0 && p > requiredAt && this.isWorthSearching(start)) {
          requiredAt = this.findByte(p, study.required, study.requiredOther);
          if (requiredAt < 0) return NO_MATCH;
        }
      }
      const outcome = this.attempt(start);
      if (outcome === MATCHED) return this.result();
      if (outcome < 0) return outcome;
      const next = this.startAfter(start, outcome);
      if (next < 0 || study.anchored || next > this.end) return NO_MATCH;
      start = this.skipLineFeed(next, from);
    }
  }

  /** Where the next attempt starts after a failed one; -1 for nowhere. */
  private startAfter(start: number, outcome: number): number {
    const verdict = outcome - VERB;
    if (verdict === V_SKIP_NAMED) {
      this.ignoredSkips = this.skipCount;
      return start;
    }
    if (verdict === V_SKIP && this.verbSkip > start) return this.verbSkip;
    if (verdict === V_COMMIT) return -1;
    if (verdict === V_ACCEPT) return -1;
    this.ignoredSkips = 0;
    return start + 1;
  }

  /** Between the two characters of a newline no match starts, when newlines are more than LF. */
  private skipLineFeed(start: number, from: number): number {
    const { settings, hasCrOrLf } = this.program;
    if (hasCrOrLf || settings.newline === 'LF' || settings.newline === 'CR' || settings.newline === 'NUL')
      return start;
    const isBetween =
      start > from && this.codeAt(start - 1) === 13 && start < this.end && this.codeAt(start) === 10;
    return isBetween ? start + 1 : start;
  }

  private codeAt(at: number): number {
    return this.subject.charCodeAt(at);
  }

  /** The first place from `start` on at which a match can begin, or -1. */
  private nextStart(start: number): number {
    const { study } = this.program;
    if (study.anchored) return this.canStartAt(start) ? start : -1;
    if (study.first >= 0) return this.findByte(start, study.first, study.firstOther);
    if (study.startLine) return this.findLine(start);
    if (study.startBytes === undefined) return start;
    for (let at = start; at < this.end; at++) if (study.startBytes[this.codeAt(at)] === 1) return at;
    return -1;
  }

  private canStartAt(at: number): boolean {
    const { first, firstOther, startBytes } = this.program.study;
    if (first < 0 && startBytes === undefined) return true;
    if (at >= this.end) return false;
    const c = this.codeAt(at);
    return c === first || c === firstOther || (startBytes !== undefined && startBytes[c] === 1);
  }

  private findByte(from: number, code: number, other: number): number {
    if (code === other) return this.subject.indexOf(String.fromCharCode(code), from);
    for (let at = from; at < this.end; at++) {
      const c = this.codeAt(at);
      if (c === code || c === other) return at;
    }
    return -1;
  }

  private findLine(start: number): number {
    if (start <= this.startOffset) return start;
    const { newline } = this.program.settings;
    let at = start;
    while (at < this.end && !this.isAfterNewline(at, newline)) at++;
    const isBetween = this.codeAt(at - 1) === 13 && at < this.end && this.codeAt(at) === 10;
    return isBetween && (newline === 'ANY' || newline === 'ANYCRLF') ? at + 1 : at;
  }

  private isAfterNewline(at: number, newline: NewlineConvention): boolean {
    if (newline === 'CRLF') return at >= 2 && this.codeAt(at - 2) === 13 && this.codeAt(at - 1) === 10;
    return at >= 1 && newlineLength(this.subject.charAt(at - 1), 0, newline, false) > 0;
  }

  /** Very long subjects are not searched for the required byte. */
  private isWorthSearching(start: number): boolean {
    const length = this.end - start;
    return length < LONG_SUBJECT || (!this.program.study.anchored && length < LONG_SUBJECT * 1000);
  }

  private result(): Int32Array {
    const { state, iTop, iStart } = this;
    const vector = new Int32Array(2 * this.program.groupCount + 2).fill(-1);
    vector[0] = state[iStart]!;
    vector[1] = this.matchEnd;
    const top = state[iTop]!;
    for (let i = 0; i < top; i++) vector[i + 2] = state[i]!;
    return vector;
  }

  // ---- State that is restored on the way back

  private set(index: number, value: number): void {
    const old = this.state[index]!;
    if (old === value) return;
    if (this.trailTop + 2 > this.trail.length) this.trail = grown(this.trail);
    this.trail[this.trailTop++] = index;
    this.trail[this.trailTop++] = old;
    this.state[index] = value;
  }

  private restore(top: number): void {
    const { trail, state } = this;
    let i = this.trailTop;
    while (i > top) {
      i -= 2;
      state[trail[i]!] = trail[i + 1]!;
    }
    this.trailTop = top;
  }

  /** What a state was when the trail was that long. */
  private valueAt(index: number, top: number): number {
    for (let i = top; i < this.trailTop; i += 2) if (this.trail[i] === index) return this.trail[i + 1]!;
    return this.state[index]!;
  }

  private capture(number: number, start: number, end: number): void {
    const index = 2 * number - 2;
    this.set(index, start);
    this.set(index + 1, end);
    if (index >= this.state[this.iTop]!) this.set(this.iTop, index + 2);
  }

  private isSet(number: number): boolean {
    const index = 2 * number - 2;
    return index < this.state[this.iTop]! && this.state[index]! >= 0;
  }

  /** Keeps the captures and the running call for the end of a call. */
  private saveCaptures(): number {
    const base = this.state[this.iSaved]!;
    const top = this.state[this.iTop]!;
    while (base + top + 2 > this.saved.length) this.saved = grown(this.saved);
    this.saved[base] = top;
    this.saved[base + 1] = this.state[this.iCall]!;
    for (let i = 0; i < top; i++) this.saved[base + 2 + i] = this.state[i]!;
    this.set(this.iSaved, base + top + 2);
    return base;
  }

  /** As the library does: what a call captured beyond the groups set before it stays in place, though it does not count. */
  private restoreCaptures(base: number): void {
    const top = this.saved[base]!;
    for (let i = 0; i < top; i++) this.set(i, this.saved[base + 2 + i]!);
    this.set(this.iTop, top);
    this.set(this.iCall, this.saved[base + 1]!);
  }

  // ---- One attempt

  /** Runs the program at one starting point. */
  private attempt(start: number): number {
    const { program, code, subject, end, state } = this;
    const { settings, sets, hasThen } = program;
    const { matchLimit, depthLimit } = settings;
    const { maxFrames } = program;
    state.fill(-1);
    state[this.iStart] = start;
    state[this.iSaved] = 0;
    state[this.iTop] = 0;
    this.trailTop = 0;
    this.skipCount = 0;
    let stack = this.stack;
    // The number of choices, as an index into `stack`; the group that is open innermost, likewise, or -1.
    let top = 0;
    let group = -1;
    let depth = 0;
    let at = start;
    let pc = 0;
    let steps = 0;
    const allowed = Math.min(matchLimit, TOTAL_STEPS - this.totalSteps);
    let verdict = V_NONE;
    if (steps++ >= allowed || depth >= depthLimit) return LIMIT;

    // `forward` runs instructions; a failure falls through to `backward`, which takes the last choice.
    for (;;) {
      forward: for (;;) {
        // Set by an instruction that leaves a choice: its label and operands, and where to go on.
        let label = 0;
        let x = 0;
        let y = 0;
        let groupType = G_NONE;
        let target = 0;
        let resumeAt = at;
        const instruction = code[pc]!;
        switch (instruction) {
          case 1 satisfies typeof op.CHAR: {
            const c = at < end ? subject.charCodeAt(at) : -1;
            if (c !== code[pc + 1] && c !== code[pc + 2]) break forward;
            at++;
            pc += 4;
            continue;
          }
          case 2 satisfies typeof op.SET:
            if (at >= end || sets[code[pc + 1]!]![subject.charCodeAt(at)] !== 1) break forward;
            at++;
            pc += 4;
            continue;
          case 3 satisfies typeof op.DOT_CRLF:
          case 4 satisfies typeof op.NEWLINE:
          case 5 satisfies typeof op.CLUSTER: {
            const length = this.complexLength(instruction, at);
            if (length === 0) break forward;
            at += length;
            pc += 4;
            continue;
          }
          case 6 satisfies typeof op.REPEAT: {
            const single = code[pc + 7]!;
            const least = code[pc + 4]!;
            const most = code[pc + 5]!;
            const from = at;
            if (code[pc + 6] === LAZY && least !== most) {
              at = this.scan(single, pc, at, least);
              if (at < 0) {
                at = from;
                break forward;
              }
              label = R_REPEAT_MIN;
              x = least;
              resumeAt = at;
              target = pc + 8;
              break;
            }
            if (least > 0) {
              at = this.scan(single, pc, at, least);
              if (at < 0) {
                at = from;
                break forward;
              }
            }
            if (least === most) {
              pc += 8;
              continue;
            }
            const floor = at;
            at = this.scanMost(single, pc, at, most < 0 ? -1 : most - least);
            this.scans += at - from;
            if (this.scans > TOTAL_SCANS) return LIMIT;
            const isClass = code[pc + 3] === CLASS || code[pc + 3] === PROPERTY_CLASS;
            if (code[pc + 6] === POSSESSIVE || (at === floor && !isClass)) {
              pc += 8;
              continue;
            }
            label = R_REPEAT_MAX;
            x = floor;
            resumeAt = at;
            target = pc + 8;
            break;
          }
          case 7 satisfies typeof op.REFERENCE: {
            const number = this.referred(code[pc + 1]!, code[pc + 2]!);
            const least = code[pc + 4]!;
            const most = code[pc + 5]!;
            const isSet = number > 0 && this.isSet(number);
            if (least === 1 && most === 1) {
              const length = isSet ? this.matchReference(number, code[pc + 3]!, at) : -1;
              if (length < 0) break forward;
              at += length;
              pc += 7;
              continue;
            }
            if (isSet ? state[2 * number - 2] === state[2 * number - 1] : least === 0) {
              pc += 7;
              continue;
            }
            const length = isSet ? this.repeatReference(number, code[pc + 3]!, at, least) : -1;
            if (length < 0) break forward;
            at += length;
            target = pc + 7;
            if (least === most) {
              pc = target;
              continue;
            }
            if (code[pc + 6] === LAZY) {
              label = R_REFERENCE_MIN;
              x = least;
              y = number;
              resumeAt = at;
              break;
            }
            const floor = at;
            const limit = most < 0 ? Number.POSITIVE_INFINITY : most;
            for (let count = least; count < limit; count++) {
              const more = this.matchReference(number, code[pc + 3]!, at);
              if (more < 0) break;
              at += more;
            }
            label = R_REFERENCE_MAX;
            x = floor;
            y = state[2 * number - 1]! - state[2 * number - 2]!;
            resumeAt = at;
            break;
          }
          case 8 satisfies typeof op.BRA:
            if (!hasThen && depth !== 0) {
              if (code[pc + code[pc + 1]!] !== OP_ALT) {
                pc += 4;
                continue;
              }
              label = R_BRANCH;
            } else label = R_GROUP;
            target = pc + 4;
            break;
          case 12 satisfies typeof op.CAPTURE:
          case 13 satisfies typeof op.CAPTURE_EMPTY:
            label = R_GROUP;
            groupType = G_CAPTURE | code[pc + 3]!;
            target = pc + 4;
            break;
          case 16 satisfies typeof op.ONCE:
          case 17 satisfies typeof op.SCRIPT_RUN:
          case 9 satisfies typeof op.BRA_EMPTY:
            label = R_GROUP;
            groupType = G_PLAIN | instruction;
            target = pc + 4;
            break;
          case 34 satisfies typeof op.ZERO_POSSESSIVE:
            pc++;
            x = 1;
            label = R_POSSESSIVE;
            groupType = possessiveType(code, pc);
            y = pc;
            target = pc + 4;
            break;
          case 10 satisfies typeof op.BRA_POSSESSIVE:
          case 11 satisfies typeof op.BRA_EMPTY_POSSESSIVE:
          case 14 satisfies typeof op.CAPTURE_POSSESSIVE:
          case 15 satisfies typeof op.CAPTURE_EMPTY_POSSESSIVE:
            label = R_POSSESSIVE;
            groupType = possessiveType(code, pc);
            y = pc;
            target = pc + 4;
            break;
          case 20 satisfies typeof op.AHEAD:
          case 22 satisfies typeof op.BEHIND:
          case 24 satisfies typeof op.AHEAD_NON_ATOMIC:
          case 25 satisfies typeof op.BEHIND_NON_ATOMIC:
            label = R_AHEAD;
            groupType = G_PLAIN | instruction;
            target = pc + 4;
            break;
          case 21 satisfies typeof op.AHEAD_NOT:
          case 23 satisfies typeof op.BEHIND_NOT:
            label = R_AHEAD_NOT;
            groupType = G_PLAIN | instruction;
            target = pc + 4;
            break;
          case 32 satisfies typeof op.ZERO_MAX:
            label = R_ZERO_MAX;
            target = pc + 1;
            break;
          case 33 satisfies typeof op.ZERO_MIN:
            label = R_ZERO_MIN;
            target = endOfGroup(code, pc + 1) + 2;
            break;
          case 35 satisfies typeof op.SKIP_ZERO:
            pc = endOfGroup(code, pc + 1) + 2;
            continue;
          case 42 satisfies typeof op.CALL: {
            if (state[this.iCall]! >= 0 && this.isLoop(group, code[pc + 2]!, at)) return RECURSION_LOOP;
            label = R_CALL;
            x = code[pc + 1]!;
            groupType = G_CALL | code[pc + 2]!;
            target = x + 4;
            break;
          }
          case 18 satisfies typeof op.CONDITION:
          case 19 satisfies typeof op.CONDITION_EMPTY: {
            const condition = pc + 4;
            if (isGroupStart(code[condition]!)) {
              label = R_CONDITION;
              x = condition;
              groupType = G_CONDITION | code[condition]!;
              target = condition + 4;
              break;
            }
            const holds = this.holds(condition);
            const size = code[condition] === OP_FAIL ? 1 : 2;
            pc = this.branchOf(pc, holds, condition + size);
            if (instruction === OP_CONDITION) continue;
            label = R_CONDITION_EMPTY;
            groupType = G_PLAIN | instruction;
            target = pc;
            break;
          }
          case 31 satisfies typeof op.REVERSE:
            if (code[pc + 1]! > at) break forward;
            at -= code[pc + 1]!;
            pc += 2;
            continue;
          case 26 satisfies typeof op.ALT:
            pc += code[pc + 2]!;
            continue;
          case 27 satisfies typeof op.KET:
          case 28 satisfies typeof op.KET_MAX:
          case 29 satisfies typeof op.KET_MIN:
          case 30 satisfies typeof op.KET_POSSESSIVE: {
            const bra = pc - code[pc + 1]!;
            const opening = code[bra]!;
            let opened = -1;
            if (opening !== OP_BRA && opening !== OP_CONDITION) {
              opened = group;
              const openType = stack[opened + F_TYPE]!;
              if ((openType & G_SORT) === G_CONDITION) {
                // The condition's assertion has matched: its choices are dropped, its captures stay.
                const positive = isPositive(openType & ~G_SORT);
                const base = stack[opened + F_PC]!;
                group = stack[opened + F_GROUP]!;
                depth = stack[opened + F_DEPTH]!;
                at = stack[opened + F_AT]!;
                if (program.hasKeepOut)
                  this.set(this.iStart, this.valueAt(this.iStart, stack[opened + F_TRAIL]!));
                top = opened;
                pc = this.branchOf(base, positive, endOfGroup(code, base + 4) + 2);
                if (code[base] === OP_CONDITION) continue;
                label = R_CONDITION_EMPTY;
                groupType = G_PLAIN | code[base]!;
                target = pc;
                resumeAt = at;
                break;
              }
              group = stack[opened + F_GROUP]!;
            }
            switch (opening) {
              case 8 satisfies typeof op.BRA:
              case 18 satisfies typeof op.CONDITION:
              case 19 satisfies typeof op.CONDITION_EMPTY:
              case 9 satisfies typeof op.BRA_EMPTY:
              case 10 satisfies typeof op.BRA_POSSESSIVE:
              case 11 satisfies typeof op.BRA_EMPTY_POSSESSIVE:
              case 17 satisfies typeof op.SCRIPT_RUN:
                break;
              case 24 satisfies typeof op.AHEAD_NON_ATOMIC:
              case 25 satisfies typeof op.BEHIND_NON_ATOMIC:
                at = stack[opened + F_AT]!;
                break;
              case 20 satisfies typeof op.AHEAD:
              case 22 satisfies typeof op.BEHIND:
                at = stack[opened + F_AT]!;
                top = opened;
                break;
              case 16 satisfies typeof op.ONCE:
                top = opened;
                break;
              case 21 satisfies typeof op.AHEAD_NOT:
              case 23 satisfies typeof op.BEHIND_NOT:
                // It matched, so it fails: back to where it was opened, and further.
                top = opened;
                this.restore(stack[opened + F_TRAIL]!);
                group = stack[opened + F_GROUP]!;
                break forward;
              default: {
                const number = code[bra + 3]!;
                if (state[this.iCall] === number) {
                  pc = stack[opened + F_PC]! + 3;
                  this.restoreCaptures(stack[opened + F_Y]!);
                  continue forward;
                }
                this.capture(number, stack[opened + F_AT]!, at);
              }
            }
            if (instruction === OP_KET_POSSESSIVE) {
              // One more round of a possessive group: its choices are dropped, and it starts anew from here.
              const isEmpty = at === stack[opened + F_AT]!;
              const first = stack[opened + F_Y]!;
              groupType = stack[opened + F_TYPE]!;
              top = opened;
              depth = stack[opened + F_DEPTH]!;
              pc = endOfGroup(code, first) + 2;
              if (isEmpty) continue;
              pc = first;
              label = R_POSSESSIVE;
              x = 1;
              y = first;
              target = first + 4;
              resumeAt = at;
              break;
            }
            if (instruction === OP_KET || (opened >= 0 && at === stack[opened + F_AT])) {
              pc += 2;
              continue;
            }
            label = instruction === OP_KET_MIN ? R_KET_MIN : R_KET_MAX;
            target = instruction === OP_KET_MIN ? pc + 2 : bra;
            resumeAt = at;
            break;
          }
          case 43 satisfies typeof op.START:
          case 47 satisfies typeof op.SUBJECT_START:
            if (at !== 0) break forward;
            pc++;
            continue;
          case 45 satisfies typeof op.END_DOLLAR:
            if (at < end && (program.dollarEndOnly || !this.isLastNewline(at))) break forward;
            pc++;
            continue;
          case 48 satisfies typeof op.SUBJECT_END:
            if (at < end) break forward;
            pc++;
            continue;
          case 49 satisfies typeof op.SUBJECT_END_NEWLINE:
            if (at < end && !this.isLastNewline(at)) break forward;
            pc++;
            continue;
          case 44 satisfies typeof op.START_LINE:
            if (at !== 0 && (at === end || !this.isAfterNewline(at, settings.newline))) break forward;
            pc++;
            continue;
          case 46 satisfies typeof op.END_LINE:
            if (at < end && newlineLength(subject, at, settings.newline, false) === 0) break forward;
            pc++;
            continue;
          case 50 satisfies typeof op.MATCH_START:
            if (at !== this.startOffset) break forward;
            pc++;
            continue;
          case 51 satisfies typeof op.KEEP_OUT:
            this.set(this.iStart, at);
            pc++;
            continue;
          case 52 satisfies typeof op.WORD_EDGE:
          case 53 satisfies typeof op.NOT_WORD_EDGE: {
            const { words } = program;
            const before = at > 0 && words[subject.charCodeAt(at - 1)] === 1;
            const behind = at < end && words[subject.charCodeAt(at)] === 1;
            if ((before !== behind) !== (instruction === OP_WORD_EDGE)) break forward;
            pc++;
            continue;
          }
          case 54 satisfies typeof op.FAIL:
            break forward;
          case 57 satisfies typeof op.CLOSE:
            if (state[this.iCall]! < 0) {
              let opened = group;
              while (opened >= 0 && stack[opened + F_TYPE] !== (G_CAPTURE | code[pc + 1]!))
                opened = stack[opened + F_GROUP]!;
              if (opened < 0) return NO_MATCH;
              this.capture(code[pc + 1]!, stack[opened + F_AT]!, at);
            }
            pc += 2;
            continue;
          case 56 satisfies typeof op.ASSERT_ACCEPT:
            verdict = V_ACCEPT;
            break forward;
          case 55 satisfies typeof op.ACCEPT:
          case 0 satisfies typeof op.END: {
            if (state[this.iCall]! < 0) {
              const first = state[this.iStart]!;
              const refused = settings.notEmpty || (settings.notEmptyAtStart && first === this.startOffset);
              if (at === first && refused) break forward;
              this.matchEnd = at;
              this.totalSteps += steps;
              return MATCHED;
            }
            // The end of a call: its choices are dropped and the captures put back.
            let opened = group;
            while ((stack[opened + F_TYPE]! & G_SORT) !== G_CALL) opened = stack[opened + F_GROUP]!;
            const first = state[this.iStart]!;
            this.restore(stack[opened + F_TRAIL]!);
            this.set(this.iStart, first);
            pc = stack[opened + F_PC]! + 3;
            group = stack[opened + F_GROUP]!;
            depth = stack[opened + F_DEPTH]!;
            top = opened;
            continue;
          }
          case 58 satisfies typeof op.MARK:
            label = R_MARK;
            target = pc + 2;
            break;
          case 59 satisfies typeof op.COMMIT:
            label = R_COMMIT;
            target = pc + 2;
            break;
          case 60 satisfies typeof op.PRUNE:
            label = R_PRUNE;
            target = pc + 2;
            break;
          case 61 satisfies typeof op.SKIP:
            target = pc + 2;
            label = code[pc + 1]! < 0 ? R_SKIP : R_SKIP_NAMED;
            if (label === R_SKIP) break;
            this.skipCount++;
            if (this.skipCount > this.ignoredSkips) break;
            pc += 2;
            continue;
          case 62 satisfies typeof op.THEN:
            label = R_THEN;
            target = pc + 2;
            break;
          default:
            return NO_MATCH;
        }

        // Leave a choice and go on at `target`.
        if (top + WIDTH > stack.length) this.stack = stack = grown(stack);
        stack[top + F_RETURN] = label;
        stack[top + F_PC] = pc;
        stack[top + F_AT] = resumeAt;
        stack[top + F_DEPTH] = depth;
        stack[top + F_TRAIL] = this.trailTop;
        stack[top + F_GROUP] = group;
        stack[top + F_X] = x;
        stack[top + F_Y] = y;
        stack[top + F_TYPE] = groupType;
        if (groupType !== G_NONE) group = top;
        top += WIDTH;
        if (label === R_CALL) {
          stack[top - WIDTH + F_Y] = this.saveCaptures();
          this.set(this.iCall, groupType & ~G_SORT);
        }
        depth++;
        pc = target;
        if (depth >= maxFrames || steps++ >= allowed || depth >= depthLimit) {
          this.totalSteps += steps;
          return LIMIT;
        }
      }

      // `backward`: take the last choice, or pass a verb's verdict up through the choices.
      backward: for (;;) {
        if (top === 0) {
          this.totalSteps += steps;
          return verdict === V_NONE ? FAILED : VERB + verdict;
        }
        top -= WIDTH;
        const label = stack[top + F_RETURN]!;
        const choice = top;
        if (verdict !== V_ACCEPT) this.restore(stack[choice + F_TRAIL]!);
        pc = stack[choice + F_PC]!;
        depth = stack[choice + F_DEPTH]!;
        group = stack[choice + F_GROUP]!;
        const choiceAt = stack[choice + F_AT]!;
        let groupType = G_NONE;
        let target = 0;
        if (verdict !== V_NONE) {
          verdict = this.passVerdict(verdict, label, choice, stack);
          if (verdict === V_FAIL_HERE) {
            verdict = V_NONE;
            continue;
          }
          if (verdict < 0) {
            // An assertion ended by a verdict: it holds, or the condition is decided.
            const holds = verdict === V_DECIDED_TRUE;
            verdict = V_NONE;
            at = choiceAt;
            if (label === R_AHEAD) pc = endOfGroup(code, pc) + 2;
            else if (label === R_AHEAD_NOT) {
              if (!holds) continue;
              pc = endOfGroup(code, pc) + 2;
            } else {
              const base = pc;
              pc = this.branchOf(base, holds, endOfGroup(code, base + 4) + 2);
              if (code[base] === OP_CONDITION_EMPTY) {
                stack[choice + F_RETURN] = R_CONDITION_EMPTY;
                stack[choice + F_PC] = pc;
                stack[choice + F_TRAIL] = this.trailTop;
                stack[choice + F_TYPE] = G_PLAIN | OP_CONDITION_EMPTY;
                group = choice;
                top += WIDTH;
                depth++;
                if (depth >= maxFrames || steps++ >= allowed || depth >= depthLimit) {
                  this.totalSteps += steps;
                  return LIMIT;
                }
              }
            }
            break backward;
          }
          if (verdict !== V_NONE) continue;
        }
        switch (label) {
          case R_REPEAT_MAX: {
            const floor = stack[choice + F_X]!;
            const isClass = code[pc + 3] === CLASS || code[pc + 3] === PROPERTY_CLASS;
            at = choiceAt;
            if (at <= floor) continue;
            at = this.stepBack(code[pc + 7]!, at, floor);
            if (at <= floor && !isClass) {
              at = floor;
              pc += 8;
              break backward;
            }
            stack[choice + F_AT] = at;
            target = pc + 8;
            break;
          }
          case R_REPEAT_MIN: {
            const count = stack[choice + F_X]!;
            const most = code[pc + 5]!;
            if (most >= 0 && count >= most) continue;
            at = this.scan(code[pc + 7]!, pc, choiceAt, 1);
            if (at < 0) continue;
            stack[choice + F_X] = count + 1;
            stack[choice + F_AT] = at;
            target = pc + 8;
            break;
          }
          case R_REFERENCE_MAX: {
            at = choiceAt - stack[choice + F_Y]!;
            if (at < stack[choice + F_X]!) continue;
            stack[choice + F_AT] = at;
            target = pc + 7;
            break;
          }
          case R_REFERENCE_MIN: {
            const count = stack[choice + F_X]!;
            const most = code[pc + 5]!;
            if (most >= 0 && count >= most) continue;
            const length = this.matchReference(stack[choice + F_Y]!, code[pc + 3]!, choiceAt);
            if (length < 0) continue;
            at = choiceAt + length;
            stack[choice + F_X] = count + 1;
            stack[choice + F_AT] = at;
            target = pc + 7;
            break;
          }
          case R_BRANCH: {
            const next = pc + code[pc + 1]!;
            at = choiceAt;
            if (code[next + code[next + 1]!] !== OP_ALT) {
              pc = next + 4;
              break backward;
            }
            stack[choice + F_PC] = next;
            target = next + 4;
            break;
          }
          case R_GROUP:
          case R_AHEAD: {
            const next = pc + code[pc + 1]!;
            if (code[next] !== OP_ALT) continue;
            at = choiceAt;
            stack[choice + F_PC] = next;
            groupType = stack[choice + F_TYPE]!;
            target = next + 4;
            break;
          }
          case R_AHEAD_NOT: {
            const next = pc + code[pc + 1]!;
            at = choiceAt;
            if (code[next] !== OP_ALT) {
              pc = next + 2;
              break backward;
            }
            stack[choice + F_PC] = next;
            groupType = stack[choice + F_TYPE]!;
            target = next + 4;
            break;
          }
          case R_POSSESSIVE: {
            const next = pc + code[pc + 1]!;
            at = choiceAt;
            if (code[next] !== OP_ALT) {
              if (stack[choice + F_X] === 0) continue;
              pc = next + 2;
              break backward;
            }
            stack[choice + F_PC] = next;
            groupType = stack[choice + F_TYPE]!;
            target = next + 4;
            break;
          }
          case R_CALL: {
            const branch = stack[choice + F_X]!;
            const next = branch + code[branch + 1]!;
            if (code[next] !== OP_ALT) continue;
            at = choiceAt;
            stack[choice + F_X] = next;
            groupType = stack[choice + F_TYPE]!;
            target = next + 4;
            break;
          }
          case R_CONDITION: {
            const branch = stack[choice + F_X]!;
            const next = branch + code[branch + 1]!;
            at = choiceAt;
            if (code[next] === OP_ALT) {
              stack[choice + F_X] = next;
              groupType = stack[choice + F_TYPE]!;
              target = next + 4;
              break;
            }
            const base = pc;
            const holds = !isPositive(stack[choice + F_TYPE]! & ~G_SORT);
            pc = this.branchOf(base, holds, next + 2);
            if (code[base] === OP_CONDITION) break backward;
            stack[choice + F_RETURN] = R_CONDITION_EMPTY;
            stack[choice + F_PC] = pc;
            groupType = G_PLAIN | OP_CONDITION_EMPTY;
            stack[choice + F_TYPE] = groupType;
            target = pc;
            break;
          }
          case R_KET_MIN:
            at = choiceAt;
            pc -= code[pc + 1]!;
            break backward;
          case R_KET_MAX:
            at = choiceAt;
            pc += 2;
            break backward;
          case R_ZERO_MAX:
            at = choiceAt;
            pc = endOfGroup(code, pc + 1) + 2;
            break backward;
          case R_ZERO_MIN:
            at = choiceAt;
            pc++;
            break backward;
          case R_COMMIT:
            verdict = this.raise(V_COMMIT, pc);
            continue;
          case R_PRUNE:
            verdict = this.raise(V_PRUNE, pc);
            continue;
          case R_SKIP:
            this.verbSkip = choiceAt;
            verdict = this.raise(V_SKIP, pc);
            continue;
          case R_SKIP_NAMED:
            verdict = this.raise(V_SKIP_NAMED, pc);
            continue;
          case R_THEN:
            verdict = this.raise(V_THEN, pc);
            continue;
          default:
            continue;
        }

        // Take the choice again with its next possibility.
        if (groupType !== G_NONE) group = choice;
        top += WIDTH;
        if (label === R_CALL) {
          stack[choice + F_Y] = this.saveCaptures();
          this.set(this.iCall, groupType & ~G_SORT);
        }
        depth++;
        pc = target;
        if (depth >= maxFrames || steps++ >= allowed || depth >= depthLimit) {
          this.totalSteps += steps;
          return LIMIT;
        }
        break backward;
      }
    }
  }

  private raise(verdict: number, pc: number): number {
    this.verbCall = this.state[this.iCall]!;
    this.verbPlace = pc;
    return verdict;
  }

  /**
   * A verdict arrives at a choice. Gives the verdict to pass on, V_NONE to go on as after an ordinary failure, or one of the
   * answers below V_NONE.
   */
  private passVerdict(verdict: number, label: number, choice: number, stack: Int32Array): number {
    const pc = stack[choice + F_PC]!;
    switch (label) {
      case R_GROUP:
      case R_POSSESSIVE:
        return verdict === V_THEN && this.endsThen(pc) ? V_NONE : verdict;
      case R_CALL: {
        if (verdict === V_ACCEPT || this.verbCall !== (stack[choice + F_TYPE]! & ~G_SORT)) return verdict;
        if (verdict === V_THEN && this.endsThen(stack[choice + F_X]!)) return V_NONE;
        // Verbs do not leave a call: it fails as a whole.
        return V_FAIL_HERE;
      }
      case R_AHEAD:
        return this.passAhead(verdict, stack[choice + F_TRAIL]!);
      case R_AHEAD_NOT:
        return this.passAheadNot(verdict, choice, stack);
      case R_CONDITION:
        return this.passCondition(verdict, choice, stack);
      case R_MARK:
        return this.passMark(verdict, pc, stack[choice + F_AT]!);
      default:
        return verdict;
    }
  }

  private passAhead(verdict: number, trailTop: number): number {
    if (verdict !== V_ACCEPT) return verdict === V_THEN ? V_NONE : verdict;
    this.keepOnlyCaptures(trailTop);
    return V_DECIDED_TRUE;
  }

  private passAheadNot(verdict: number, choice: number, stack: Int32Array): number {
    if (verdict === V_THEN) return V_NONE;
    if (verdict === V_SKIP_NAMED) return verdict;
    if (verdict !== V_ACCEPT) return V_DECIDED_TRUE;
    this.restore(stack[choice + F_TRAIL]!);
    return V_DECIDED_FALSE;
  }

  private passCondition(verdict: number, choice: number, stack: Int32Array): number {
    if (verdict === V_THEN) return V_NONE;
    if (verdict === V_SKIP_NAMED) return verdict;
    const positive = isPositive(stack[choice + F_TYPE]! & ~G_SORT);
    if (verdict !== V_ACCEPT) return positive ? V_DECIDED_FALSE : V_DECIDED_TRUE;
    this.keepOnlyCaptures(stack[choice + F_TRAIL]!);
    return positive ? V_DECIDED_TRUE : V_DECIDED_FALSE;
  }

  /** After (*ACCEPT) in an assertion the captures stay; the start of the match and the running call are as before it. */
  private keepOnlyCaptures(trailTop: number): void {
    this.set(this.iStart, this.valueAt(this.iStart, trailTop));
    this.set(this.iCall, this.valueAt(this.iCall, trailTop));
  }

  private passMark(verdict: number, pc: number, at: number): number {
    if (verdict !== V_SKIP_NAMED) return verdict;
    const { verbArguments } = this.program;
    if (verbArguments[this.code[pc + 1]!] !== verbArguments[this.code[this.verbPlace + 1]!]) return verdict;
    this.verbSkip = at;
    return V_SKIP;
  }

  /** True when (*THEN) is in this alternative and there is another one: then its force ends here. */
  private endsThen(branch: number): boolean {
    const { code } = this;
    const next = branch + code[branch + 1]!;
    return this.verbPlace < next && (code[branch] === OP_ALT || code[next] === OP_ALT);
  }

  /** True when a call of the same group is running that began at the same place in the subject. */
  private isLoop(group: number, number: number, at: number): boolean {
    const { stack } = this;
    for (let opened = group; opened >= 0; opened = stack[opened + F_GROUP]!) {
      if (stack[opened + F_TYPE] === (G_CALL | number)) return stack[opened + F_AT] === at;
    }
    return false;
  }

  // ---- Parts of instructions

  /** Where a conditional group goes on: in its first branch, at `first`, or in its second, or behind it. */
  private branchOf(group: number, holds: boolean, first: number): number {
    const { code } = this;
    if (holds) return first;
    const next = group + code[group + 1]!;
    return code[next] === OP_ALT ? next + 4 : next;
  }

  private holds(condition: number): boolean {
    const { code, program } = this;
    const operand = code[condition + 1]!;
    const call = this.state[this.iCall]!;
    switch (code[condition]) {
      case 36 satisfies typeof op.IF_SET:
        return this.isSet(operand);
      case 37 satisfies typeof op.IF_SET_LIST:
        return program.lists[operand]!.some((number) => this.isSet(number));
      case 38 satisfies typeof op.IF_RECURSION:
        return call >= 0 && (operand < 0 || operand === call);
      case 39 satisfies typeof op.IF_RECURSION_LIST:
        return call >= 0 && program.lists[operand]!.includes(call);
      default:
        return code[condition] === OP_IF_TRUE;
    }
  }

  /** The group that a reference means: of several with one name the first that is set, else the last. */
  private referred(isList: number, operand: number): number {
    if (isList === 0) return operand;
    const numbers = this.program.lists[operand]!;
    return numbers.find((number) => this.isSet(number)) ?? numbers[numbers.length - 1]!;
  }

  /** Length of what a group captured, when the same stands at `at`; else -1. */
  private matchReference(number: number, caseless: number, at: number): number {
    const from = this.state[2 * number - 2]!;
    const length = this.state[2 * number - 1]! - from;
    const { subject } = this;
    if (at + length > this.end) return -1;
    const { lowerCase } = this.program;
    for (let i = 0; i < length; i++) {
      const a = subject.charCodeAt(from + i);
      const b = subject.charCodeAt(at + i);
      if (a !== b && (caseless === 0 || lowerCase[a] !== lowerCase[b])) return -1;
    }
    this.scans += length;
    return length;
  }

  private repeatReference(number: number, caseless: number, at: number, count: number): number {
    let total = 0;
    for (let i = 0; i < count; i++) {
      const length = this.matchReference(number, caseless, at + total);
      if (length < 0) return -1;
      total += length;
    }
    return total;
  }

  /** Length of a newline, cluster, or character that is not the start of CRLF; 0 for none. */
  private complexLength(single: number, at: number): number {
    if (at >= this.end) return 0;
    const c = this.codeAt(at);
    const isCrlf = c === 13 && this.codeAt(at + 1) === 10;
    if (single === OP_DOT_CRLF) return isCrlf ? 0 : 1;
    if (isCrlf) return 2;
    if (single === OP_CLUSTER || c === 10 || c === 13) return 1;
    const isOther = c === 11 || c === 12 || c === 0x85;
    return isOther && !this.program.settings.bsrAnyCrlf ? 1 : 0;
  }

  /** Exactly `count` of a single-character item from `from` on: where it ends, or -1. */
  private scan(single: number, pc: number, from: number, count: number): number {
    const { code, subject, end } = this;
    let at = from;
    if (single === OP_SET) {
      if (end - from < count) return -1;
      const set = this.program.sets[code[pc + 1]!]!;
      for (const last = from + count; at < last; at++) if (set[subject.charCodeAt(at)] !== 1) return -1;
      return at;
    }
    if (single !== OP_CHAR) return this.scanComplex(single, from, count);
    if (end - from < count) return -1;
    const a = code[pc + 1]!;
    const b = code[pc + 2]!;
    for (const last = from + count; at < last; at++) {
      const c = subject.charCodeAt(at);
      if (c !== a && c !== b) return -1;
    }
    return at;
  }

  private scanComplex(single: number, from: number, count: number): number {
    let at = from;
    for (let i = 0; i < count; i++) {
      const length = this.complexLength(single, at);
      if (length === 0) return -1;
      at += length;
    }
    return at;
  }

  /** As many as possible, up to `count` (-1: no limit). */
  private scanMost(single: number, pc: number, from: number, count: number): number {
    const { code, subject, end } = this;
    const last = count < 0 || count > end - from ? end : from + count;
    let at = from;
    if (single === OP_SET) {
      const set = this.program.sets[code[pc + 1]!]!;
      while (at < last && set[subject.charCodeAt(at)] === 1) at++;
      return at;
    }
    if (single !== OP_CHAR) {
      const limit = count < 0 ? Number.POSITIVE_INFINITY : count;
      for (let i = 0; i < limit; i++) {
        const length = this.complexLength(single, at);
        if (length === 0) break;
        at += length;
      }
      return at;
    }
    const a = code[pc + 1]!;
    const b = code[pc + 2]!;
    for (; at < last; at++) {
      const c = subject.charCodeAt(at);
      if (c !== a && c !== b) break;
    }
    return at;
  }

  /** One item less: back over both characters of CRLF where that is one. */
  private stepBack(single: number, at: number, floor: number): number {
    const before = at - 1;
    if (single !== OP_NEWLINE && single !== OP_CLUSTER) return before;
    const isCrlf = before > floor && this.codeAt(before) === 10 && this.codeAt(before - 1) === 13;
    return isCrlf ? before - 1 : before;
  }

  private isLastNewline(at: number): boolean {
    const length = newlineLength(this.subject, at, this.program.settings.newline, false);
    return length > 0 && at + length === this.end;
  }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

function possessiveType(code: Int32Array, pc: number): number {
  const isCapturing = code[pc] === OP_CAPTURE_POSSESSIVE || code[pc] === OP_CAPTURE_EMPTY_POSSESSIVE;
  return isCapturing ? G_CAPTURE | code[pc + 3]! : G_PLAIN;
}

function isPositive(instruction: number): boolean {
  return instruction === OP_AHEAD || instruction === OP_BEHIND;
}
