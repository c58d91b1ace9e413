import { nodesOf, type Expr } from '../../expr';
import { conditionFor } from '../../request/evaluateFor';
import type { RequestRecord } from '../../request/record';
import { methodBit } from '../core/limit';
import { requestMethodBit } from '../methods';
import type { AuthzProvider, AuthzStatus } from '../providers';
import { wordsOf } from '../requireWords';

const decided = (isGranted: boolean): AuthzStatus => (isGranted ? 'granted' : 'denied');

const all: AuthzProvider = {
  parse(_cmd, args) {
    const word = args.toLowerCase();
    if (word !== 'granted' && word !== 'denied')
      return { refusal: "Argument for 'Require all' must be 'granted' or 'denied'" };
    return { check: () => word };
  },
};

const env: AuthzProvider = {
  parse(_cmd, args) {
    const names = wordsOf(args);
    return { check: (r) => decided(names.some((name) => r.env.get(name) !== undefined)) };
  },
};

const method: AuthzProvider = {
  parse(cmd, args) {
    let allowed = 0;
    for (const word of wordsOf(args)) {
      const bit = methodBit(word, cmd.host);
      if (bit === undefined) return { refusal: `Invalid Method '${word}'` };
      allowed |= bit;
    }
    return { check: (r) => decided((allowed & requestMethodBit(r)) !== 0) };
  },
};

const expr: AuthzProvider = {
  parse(cmd, args) {
    const isQuoted = args.startsWith('"') && args.endsWith('"');
    const parsed = cmd.parseExpr('Require expr', isQuoted ? args.slice(1, -1) : args);
    if ('refusal' in parsed) return parsed;
    const wantsUser = asksForUser(parsed.expr);
    return { check: (r) => checkExpr(r, parsed.expr, wantsUser) };
  },
};

function asksForUser(parsed: Expr): boolean {
  return [...nodesOf(parsed.root)].some(
    (node) => node.kind === 'variable' && node.name.toUpperCase() === 'REMOTE_USER',
  );
}

function checkExpr(r: RequestRecord, parsed: Expr, wantsUser: boolean): AuthzStatus {
  const result = conditionFor(r, parsed);
  if ('problem' in result) {
    r.logError(`AH02320: Error evaluating expression in 'Require expr': ${result.problem}`);
    return 'error';
  }
  return result.holds ? 'granted' : wantsUser ? 'no user' : 'denied';
}

/** `Require env`, `all`, `method` and `expr`. */
export const coreProviders: Readonly<Record<string, AuthzProvider>> = { env, all, method, expr };
