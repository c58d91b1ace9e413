/** Lines of Apache's error log: taken apart and explained. */
export { explainLine, type Explanation } from './explain';
export { LEVELS, parseLogLine, splitGlued, type Level, type LogLine } from './line';
