import type { Condition, GroupType, Node } from '../ast';

/** A group that is still open. */
export interface Frame {
  readonly start: number;
  readonly type: GroupType | 'conditional';
  readonly number: number;
  readonly name: string | undefined;
  readonly errorOffset: number;
  readonly savedOptions: number;
  readonly alternatives: Node[][];
  items: Node[];
  condition: Condition | undefined;
  /** A conditional whose assertion is still to come. */
  awaitsAssertion: boolean;
  /** This group is the assertion of a conditional: no quantifier. */
  readonly isCondition: boolean;
  /** (?|: the group count at its start, else -1. */
  readonly resetTo: number;
  resetMax: number;
}

/** What differs from a plain group. */
export interface FrameInit {
  readonly start: number;
  readonly type: GroupType | 'conditional';
  readonly number?: number;
  readonly name?: string;
  readonly errorOffset?: number;
  readonly isCondition?: boolean;
  readonly resetTo?: number;
  readonly condition?: Condition;
  readonly awaitsAssertion?: boolean;
}

/** Written out field by field: this runs for every group of thousands of patterns. */
export function newFrame(init: FrameInit, savedOptions: number): Frame {
  const resetTo = init.resetTo ?? -1;
  return {
    start: init.start,
    type: init.type,
    number: init.number ?? 0,
    name: init.name,
    errorOffset: init.errorOffset ?? 0,
    savedOptions,
    alternatives: [],
    items: [],
    condition: init.condition,
    awaitsAssertion: init.awaitsAssertion ?? false,
    isCondition: init.isCondition ?? false,
    resetTo,
    resetMax: resetTo,
  };
}
