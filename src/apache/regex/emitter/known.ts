/** A character that every match starts with or contains: the code and flags, or one of the two markers below. */
export interface KnownCharacter {
  readonly code: number;
  readonly flags: number;
}

export const CHARACTER_CASELESS = 1;
/** It stands behind something of variable length. */
export const CHARACTER_VARIES = 2;
/** Nothing is known because there is no fixed character. */
export const CHARACTER_NONE = 0x7ffffffe;
/** Nothing that matches a character was met yet. */
export const CHARACTER_UNSET = 0x7fffffff;

export const unset: KnownCharacter = { code: 0, flags: CHARACTER_UNSET };
export const none: KnownCharacter = { code: 0, flags: CHARACTER_NONE };

/** True when a character is known, not one of the two markers. */
export function isKnown(character: KnownCharacter): boolean {
  return character.flags < CHARACTER_NONE;
}
