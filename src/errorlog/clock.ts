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

/** Seconds between the time that a line tells and the file's time stamp: the next second, and a pipe that passes the line on. */
const DELAY = 3;

/**
 * Minutes of a server's clock east of UTC, by the time that the last line of a log tells (as `secondsOf` gives it) and when the file was
 * written (seconds since 1970); null where they do not belong together: zones are whole quarters of an hour.
 */
export function zoneBetween(local: number, written: number): number | null {
  const minutes = 15 * Math.round((local - written) / 900);
  const isClose = Math.abs(local - written - minutes * 60) <= DELAY;
  return isClose && minutes >= -12 * 60 && minutes <= 14 * 60 ? minutes + 0 : null;
}
