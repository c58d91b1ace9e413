/** Which Unicode properties PCRE2 takes for exclusive when it looks whether a repeat can be made possessive. */
import type { Property, PropertyFamily } from './properties';

/** A property or its complement. */
export interface PropertyTest {
  readonly property: Property;
  readonly negated: boolean;
}

// For the families that are unions of categories: general categories wholly inside, and those only partly inside.
const wholly: Partial<Record<PropertyFamily, string>> = { alphanumeric: 'ln', space: 'z', word: 'ln' };
const partlyGeneral: Partial<Record<PropertyFamily, string>> = { alphanumeric: 'n', space: 'c', word: 'p' };
const partlyParticular: Partial<Record<PropertyFamily, string>> = {
  alphanumeric: 'nl',
  space: 'cc',
  word: 'po',
};

/**
 * What PCRE2 takes for a proof that no character passes both tests. For two complements its proof is wrong (it takes `\P{Lu}` and
 * `\P{Ll}` for exclusive), and patterns match accordingly.
 */
export function exclude(left: PropertyTest, right: PropertyTest): boolean {
  const a = left.property.family;
  const b = right.property.family;
  if (a === 'other' || b === 'other') return false;
  const same = left.negated === right.negated;
  if (a === b) return isNamed(a) ? (left.property === right.property) !== same : !same;
  if (a === 'general' && b === 'particular')
    return !right.negated && !isPart(right.property, left.property) === same;
  if (a === 'particular' && b === 'general')
    return !left.negated && !isPart(left.property, right.property) === same;
  if (isCategory(a)) return excludesUnion(left, right);
  if (isCategory(b)) return excludesUnion(right, left);
  return excludeUnions(a, b, left, right);
}

/** Families with many members, of which two can be compared by name. */
function isNamed(family: PropertyFamily): boolean {
  return isCategory(family) || family === 'script';
}

function isCategory(family: PropertyFamily): boolean {
  return family === 'general' || family === 'particular';
}

/** True when a particular category belongs to a general one: Lu to L. */
function isPart(particular: Property, general: Property): boolean {
  return particular.name.startsWith(general.name);
}

function excludesUnion(category: PropertyTest, union: PropertyTest): boolean {
  const { family } = union.property;
  const inside = wholly[family];
  if (inside === undefined || category.negated) return false;
  const { name } = category.property;
  const partly = category.property.family === 'general' ? partlyGeneral[family] : partlyParticular[family];
  const isOutside = !inside.includes(name.charAt(0)) && (name !== partly || union.negated);
  return isOutside === !union.negated;
}

function excludeUnions(
  a: PropertyFamily,
  b: PropertyFamily,
  left: PropertyTest,
  right: PropertyTest,
): boolean {
  const pair = [a, b].sort().join(' ');
  if (pair === 'alphanumeric cased') return left.negated !== right.negated;
  const disjoint = pair === 'cased space' || pair === 'alphanumeric space' || pair === 'space word';
  return disjoint && !left.negated && !right.negated;
}
