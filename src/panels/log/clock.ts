/** Shows times of rows (seconds of the server's local time, as if it were UTC) in the server's or in the reader's time. */
export class Clock {
  /** Minutes of the server's clock east of UTC; null while unknown. */
  zone: number | null = null;
  /** The reader's own time instead of the server's; only where the zone is known. */
  local = false;

  /** `14:02:31`; empty where the time is unknown. */
  time(seconds: number): string {
    return seconds < 0 ? '' : this.#text(seconds).slice(11, 19);
  }

  /** `14:02` on the day of `today` (the newest time that is known), otherwise with its date. */
  moment(seconds: number, today: number): string {
    if (seconds < 0) return '';
    const text = this.#text(seconds);
    const day = text.slice(0, 10);
    return day === this.#text(today).slice(0, 10) ? text.slice(11, 16) : `${day} ${text.slice(11, 16)}`;
  }

  #text(seconds: number): string {
    const own = this.local && this.zone !== null ? seconds - this.zone * 60 : undefined;
    const shift = own === undefined ? 0 : new Date(own * 1000).getTimezoneOffset();
    return new Date(((own ?? seconds) - shift * 60) * 1000).toISOString();
  }
}
