import type { Outcome } from '../apache/request/outcome';
import type { KnownHeads, NameValue } from '../fastcgi';
import type { RunnableProgram } from './programs';
import { uniqueId, writeUniqueId } from './uniqueId';

/** The program that answers. */
export interface Responder {
  readonly program: RunnableProgram;
  /** Its file, on this machine. */
  readonly local: string;
  /** The file's name without folders. */
  readonly script: string;
  /** Heads that it has sent. */
  readonly heads: KnownHeads;
}

/** A question as a program gets it. */
export interface Asked {
  readonly environment: () => readonly NameValue[];
  /** The encoded request; without STDIN where the body follows, empty for CGI. */
  readonly request: Uint8Array;
}

/** One that may be asked again. */
export interface KnownQuestion {
  /** Of the request for which it was asked. */
  readonly id: number;
  readonly asked: Asked;
  readonly outcome: Outcome;
  readonly responder: Responder;
  /** Where its unique id stands in the encoded request. */
  readonly idPlaces: readonly number[];
}

/** The same question for another request. */
export function askedAgain({ id: before, asked, idPlaces }: KnownQuestion, id: number): Asked {
  const request = Buffer.from(asked.request);
  for (const at of idPlaces) writeUniqueId(request, at, id);
  const environment = (): NameValue[] =>
    asked.environment().map(([name, value]) => [name, value === uniqueId(before) ? uniqueId(id) : value]);
  return { environment, request };
}

/** Where the unique id of a request stands in its encoded question. */
export function placesOf(id: number, bytes: Uint8Array): number[] {
  const text = uniqueId(id);
  const searched = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const places: number[] = [];
  for (let at = searched.indexOf(text, 0, 'latin1'); at >= 0;) {
    places.push(at);
    at = searched.indexOf(text, at + text.length, 'latin1');
  }
  return places;
}
