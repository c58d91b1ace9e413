import { hostProfile, type HostProfile } from '../apache/host';
import { parseHost } from '../project';
import { BatchLineError } from './jsonLines';

/** Reads the `host` of batch lines. Of equal descriptions in a row one profile is made. */
export class BatchHosts {
  #key = '';
  #host = hostProfile();

  /** The profile of a batch line's `host`; fields of later versions are ignored, wrong ones refused. */
  of(value: unknown): HostProfile {
    const key = value === undefined || value === null ? '' : JSON.stringify(value);
    if (key === this.#key) return this.#host;
    const { host, faults } = parseHost(value);
    const wrong = faults.find((fault) => fault.code === 'invalid');
    if (wrong !== undefined) {
      throw new BatchLineError(
        `${['host', ...wrong.path].map((step) => `"${step}"`).join('.')} ${wrong.message}.`,
      );
    }
    this.#key = key;
    this.#host = host;
    return host;
  }
}
