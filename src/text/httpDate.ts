const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (number: number): string => String(number).padStart(2, '0');

/**
 * `Mon, 23 Nov 2026 03:06:39 GMT` (RFC 9110, 5.6.7), of milliseconds since 1970: what `Date.toUTCString` gives, whose first call takes
 * a new process 3 to 5 ms (measured), when the first answer is due. `Invalid Date` for what is none, and before the year 0.
 */
export function httpDate(time: number): string {
  const date = new Date(time);
  const year = date.getUTCFullYear();
  if (!(year >= 0)) return 'Invalid Date';
  const day = `${DAYS[date.getUTCDay()] ?? ''}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()] ?? ''}`;
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${day} ${String(year).padStart(4, '0')} ${clock} GMT`;
}
