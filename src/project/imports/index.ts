export { importFileZilla } from './fileZilla';
export { uniqueNames, type Import, type ImportedSecret, type ImportedSite } from './imported';
export { importSftpJson, secretSpans } from './sftpJson';
export { importWinScp } from './winScp';
export { addTargets, targetNames, type Insertion } from './write';
