/** Examines a target and its site, for the command and the editor; the judgement is in diagnosis/. */
export { examine, type Examination } from './examine';
