const replacement = '[hidden]';

/** Keeps secrets out of everything that is logged or thrown: each secret seen during a session is replaced wherever it appears. */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** Remembers a secret. One or two characters are not replaced: hiding them would garble every line and tell more than it hides. */
  add(secret: string): void {
    if (secret.length > 2) this.#secrets.add(secret);
  }

  /** The text without any secret seen so far. */
  redact(text: string): string {
    let safe = text;
    for (const secret of this.#secrets) safe = safe.replaceAll(secret, replacement);
    return safe;
  }
}
