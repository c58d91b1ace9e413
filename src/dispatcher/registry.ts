import { bom } from './checks/bom';
import { crlf } from './checks/crlf';
import { encoding } from './checks/encoding';
import { gitEndings } from './checks/gitEndings';
import { gitMode } from './checks/gitMode';
import { interpreterMissing } from './checks/interpreterMissing';
import { noShebang } from './checks/noShebang';
import { notExecutable } from './checks/notExecutable';
import { notServed } from './checks/notServed';
import { perlFatalsShown } from './checks/perlFatalsShown';
import { phpCommandLine } from './checks/phpCommandLine';
import { phpErrorsShown } from './checks/phpErrorsShown';
import { phpTextBefore } from './checks/phpTextBefore';
import { plainCgi } from './checks/plainCgi';
import { pythonErrorsText } from './checks/pythonErrorsText';
import { pythonImport } from './checks/pythonImport';
import { pythonPrint } from './checks/pythonPrint';
import { pythonRemoved } from './checks/pythonRemoved';
import { pythonTraceback } from './checks/pythonTraceback';
import { rubyPrint } from './checks/rubyPrint';
import { rubyRemoved } from './checks/rubyRemoved';
import { shebangArguments } from './checks/shebangArguments';
import { shebangRelative } from './checks/shebangRelative';
import { targetInterpreter } from './checks/targetInterpreter';
import { targetNotExecutable } from './checks/targetNotExecutable';
import { targetOwner } from './checks/targetOwner';
import { targetWritable } from './checks/targetWritable';
import { utf16 } from './checks/utf16';
import { writableByOthers } from './checks/writableByOthers';
import type { DispatcherCheck } from './problem';

/** Every check, in the order in which its findings are shown: the start of the file, its mode, git, the targets, the site, the languages. */
export const dispatcherChecks: readonly DispatcherCheck[] = [
  utf16,
  bom,
  crlf,
  noShebang,
  shebangArguments,
  shebangRelative,
  interpreterMissing,
  notExecutable,
  writableByOthers,
  gitMode,
  gitEndings,
  targetInterpreter,
  targetNotExecutable,
  targetWritable,
  targetOwner,
  notServed,
  plainCgi,
  encoding,
  pythonRemoved,
  pythonImport,
  pythonPrint,
  pythonTraceback,
  pythonErrorsText,
  perlFatalsShown,
  phpCommandLine,
  phpTextBefore,
  phpErrorsShown,
  rubyRemoved,
  rubyPrint,
];
