import type { LogLine } from './line';
import { coreMessages, messagesByCode } from './messages/core';
import { fastcgiMessages } from './messages/fastcgi';
import { fcgidMessages } from './messages/fcgid';
import { htaccessMessages } from './messages/htaccess';
import { languageMessages } from './messages/languages';
import { suexecMessages } from './messages/suexec';
import type { Explanation, KnownMessage } from './messages/known';

export type { Explanation, Fix, Rank } from './messages/known';

/** Apache cuts its messages at 8 KiB; what is longer is output of a program, and its start is enough. */
const LONGEST = 8192;

/** Explains a line of the error log; undefined for one that is not known or needs no explanation. Never throws; linear. */
export function explainLine(line: LogLine): Explanation | undefined {
  const message = line.message.length > LONGEST ? line.message.slice(0, LONGEST) : line.message;
  for (const { code, rank, explains } of candidates(line, message)) {
    const words = explains(message, line);
    if (words) return { rank, fixes: [], ...words, code };
  }
  return undefined;
}

/** A message's number or its first word says where to look: a flood must not pay for the whole table. */
function candidates(line: LogLine, message: string): readonly KnownMessage[] {
  if (line.kind === 'access') return [];
  if (line.kind === 'suexec') return suexecMessages;
  if (line.kind === 'stderr' || line.kind === 'php') return languageMessages;
  if (line.code !== null) {
    const own = messagesByCode.get(line.code);
    if (own) return [own];
  }
  if (message.startsWith('mod_fcgid: ') || line.module === 'fcgid') return fcgidMessages;
  if (message.startsWith('FastCGI: ') || line.module === 'fastcgi') return fastcgiMessages;
  if (line.kind === 'raw' || line.module === null) return RAW;
  return message.includes('.htaccess: ') ? HTACCESS : coreMessages;
}

const RAW = [...languageMessages, ...suexecMessages, ...fastcgiMessages, ...fcgidMessages, ...coreMessages];
const HTACCESS = [...htaccessMessages, ...coreMessages];
