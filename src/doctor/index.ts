/** Examines a target and its site, for the command and the editor; the judgement is in diagnosis/. */
export { examine, type Examination } from './examine';
export { learnedText } from './learnedText';
export { learnHost, LearningError, type LearnedHost } from './learnHost';
export { isServerFix, mendOnServer, type ServerFix } from './mend';
export { errorLogOf, readSiteLog, type SiteLog } from './siteLog';
