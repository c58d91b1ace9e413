const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Jan` -> `01`; `00` for what is no month. */
export function isoMonth(name: string): string {
  return String(MONTHS.indexOf(name) + 1).padStart(2, '0');
}

/**
 * Seconds of a server's local time (`2026-11-23T01:24:55.159958`) since 1970 as if it were UTC: for differences, and for showing after
 * the zone is known. NaN for what is no time.
 */
export function secondsOf(time: string): number {
  return Date.parse(`${time.slice(0, 23)}Z`) / 1000;
}
