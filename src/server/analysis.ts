import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { HostProfile } from '../apache/host';
import { diagnose, HtaccessDocument, verdictOn, type DiagnoseOptions, type Problem } from '../language';

/** What was worked out about one version of a document on one host. */
export class Analysis {
  readonly version: number;
  readonly host: HostProfile;
  readonly document: HtaccessDocument;
  readonly #options: DiagnoseOptions;
  #verdict: readonly Problem[] | undefined;
  #problems: readonly Problem[] | undefined;

  constructor(text: TextDocument, host: HostProfile, options: DiagnoseOptions) {
    this.version = text.version;
    this.host = host;
    this.document = new HtaccessDocument(text.getText());
    this.#options = options;
  }

  /** Apache's verdict alone, which takes a small part of the time. */
  get verdict(): readonly Problem[] {
    return (this.#verdict ??= verdictOn(this.document, this.host, this.#options));
  }

  /** The verdict and the advice; worked out when they are first asked for. */
  get problems(): readonly Problem[] {
    return (this.#problems ??= diagnose(this.document, this.host, this.#options, this.verdict));
  }
}
