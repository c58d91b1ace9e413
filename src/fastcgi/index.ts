/** The FastCGI 1.0 protocol and the CGI rules of Apache with mod_fcgid, on bytes: pure, and without failure. */
export { readAnswerRecord, type AnswerPart } from './answer';
export { cgiEnvironment, mergeHeaders, type ConnectionEnds, type EnvironmentInput } from './cgiEnvironment';
export {
  CgiResponseParser,
  KnownHeads,
  parseCgiOutput,
  type CgiFault,
  type CgiHead,
  type HeaderField,
} from './cgiResponse';
export { RecordDecoder } from './decode';
export {
  encodeAbort,
  encodeBegin,
  encodeEnd,
  encodeRecord,
  encodeRequest,
  encodeStream,
  type ResponderRequest,
} from './encode';
export { decodeNameValues, encodeNameValues, type NameValue } from './params';
export {
  KEEP_CONNECTION,
  MAX_CONTENT,
  ProtocolStatus,
  RecordType,
  Role,
  type FastCgiRecord,
} from './protocol';
export { requestVariables, type Leg, type VariablesContext } from './requestVariables';
export { TRIAL_REQUEST_ID, trialRequest, type TrialRequest } from './trialRequest';
export { leadingNumber, REASONS, statusLineOf, type StatusLine } from './status';
