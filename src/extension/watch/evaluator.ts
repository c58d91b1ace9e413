import * as vscode from 'vscode';
import type { Inspection } from '../../apache/request/inspect';
import type { LanguageFeature } from '../languageClient';
import {
  BREAKPOINTS_REQUEST,
  EVALUATE_REQUEST,
  INSPECT_REQUEST,
  URL_TESTS_REQUEST,
  type BreakpointLines,
  type BreakpointsParams,
  type EvaluateParams,
  type Evaluated,
  type InspectParams,
  type UrlTestsParams,
  type UrlTestsResult,
} from '../../server/evaluationProtocol';

/** Asks the language server what Apache does with requests, over the files as they are being written. */
export class UrlEvaluator {
  readonly #language: LanguageFeature;

  constructor(language: LanguageFeature) {
    this.#language = language;
  }

  /** Fires when the server has (re)started: earlier answers were of another one. */
  get onDidStart(): vscode.Event<void> {
    return this.#language.onDidStart;
  }

  /** Undefined outside a workspace folder, and while the server does not run. */
  async evaluate(params: EvaluateParams): Promise<Evaluated | undefined> {
    return (await this.#language.request<Evaluated | null>(EVALUATE_REQUEST, params)) ?? undefined;
  }

  /** Undefined where there is no such step. */
  async inspect(params: InspectParams): Promise<Inspection | undefined> {
    return (await this.#language.request<Inspection | null>(INSPECT_REQUEST, params)) ?? undefined;
  }

  /** Undefined for a file that is no .htaccess of a workspace folder, and while the server does not run. */
  async breakpoints(params: BreakpointsParams): Promise<BreakpointLines | undefined> {
    const answer = await this.#language.request<BreakpointLines | null>(BREAKPOINTS_REQUEST, params);
    return answer ?? undefined;
  }

  /** Undefined outside a workspace folder, while the server does not run, and where it is not wanted any more. */
  async runTests(
    params: UrlTestsParams,
    token?: vscode.CancellationToken,
  ): Promise<UrlTestsResult | undefined> {
    const answer = await this.#language.request<UrlTestsResult | null>(URL_TESTS_REQUEST, params, token);
    return answer ?? undefined;
  }
}
