import type { Incident } from '../errorlog';

/** What one request to the site showed. */
export interface Answer {
  readonly url: string;
  /** HTTP status; null where none came. */
  readonly status: number | null;
  readonly location: string | null;
  /** The Server header. */
  readonly server: string | null;
  /** The Content-Type header. */
  readonly contentType: string | null;
  /** `ENOTFOUND`, `ECONNREFUSED`, `CERT_HAS_EXPIRED` and the like; `silent`: connected, but not answered; null where an answer came. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly milliseconds: number;
  /** Milliseconds of the same request just after it, where it took 5 s or more; else null. */
  readonly again: number | null;
  /** What Apache should answer by the site's files; null where it was not foretold. */
  readonly predicted: Prediction | null;
  /** Where a `*.urls` file asks for it, as `site.urls:4`. */
  readonly origin: string | null;
}

/** What Apache should answer by the site's files. */
export interface Prediction {
  /** 200 where a program answers: what it says itself is not foretold. */
  readonly status: number;
  readonly location: string | null;
  readonly byProgram: boolean;
}

/** The certificate that the site showed; times in seconds since 1970. */
export interface Certificate {
  readonly names: readonly string[];
  readonly issuer: string;
  readonly validFrom: number;
  readonly validTo: number;
}

/** A file or folder of the server. */
export interface RemoteEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other' | 'missing';
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number | null;
  /** Seconds since 1970, by the server's clock. */
  readonly mtime: number;
}

export interface DispatcherView extends RemoteEntry {
  /** Relative to the site. */
  readonly name: string;
  /** Problems of its bytes and mode, as the editor tells them. */
  readonly problems: readonly {
    readonly code: string;
    readonly severity: 'error' | 'warning' | 'information';
    readonly message: string;
  }[];
  readonly interpreter: {
    readonly path: string;
    readonly found: boolean;
    readonly version: string | null;
  } | null;
  /** Whether the server has the program that the first line names; absent where nobody could be asked. */
  readonly named?: { readonly program: string; readonly found: boolean };
  /** What the interpreter says of its syntax; null where it is well or was not asked. */
  readonly syntaxError: string | null;
  /** Modules that it and its neighbours import and the interpreter does not find. */
  readonly missingModules: readonly string[];
}

export interface HtaccessView {
  /** Path on the server. */
  readonly path: string;
  readonly mode: number;
  /** Apache's refusal under the host's profile; null where it is fine. */
  readonly refusal: { readonly line: number | null; readonly message: string } | null;
  /** Whether it is the same as on this machine; null where this machine has none. */
  readonly isSame: boolean | null;
  /** The file that AuthUserFile names, where it is not on the server. */
  readonly missingPasswords: string | null;
}

/** A process of the dispatcher. Seconds since 1970, by the server's clock. */
export interface ProcessView {
  readonly pid: number;
  readonly started: number | null;
  readonly idle: boolean;
}

/** Everything that was asked and seen. What could not be asked is null, and says nothing. */
export interface Observations {
  readonly target: { readonly name: string; readonly url: string | null; readonly path: string };
  /** Why the server cannot be reached over SSH; null where it can, or where nothing was asked. */
  readonly sshFailure: { readonly reason: string; readonly message: string } | null;
  readonly answers: readonly Answer[];
  readonly certificate: Certificate | null;
  /** The user id of the account. */
  readonly uid: number | null;
  /** Seconds since 1970 by this machine's clock. */
  readonly now: number;
  /** The site's folder. */
  readonly folder: RemoteEntry | null;
  /** The folders from the home folder down to the dispatcher's. */
  readonly folders: readonly RemoteEntry[];
  readonly dispatcher: DispatcherView | null;
  readonly htaccess: readonly HtaccessView[];
  /** Files of this machine that the server lacks, and those that differ; relative to the site. */
  readonly notUploaded: readonly string[];
  readonly different: readonly string[];
  /** Bytes free for the account. */
  readonly freeBytes: number | null;
  /** What `quota` says where a limit is reached. */
  readonly quota: string | null;
  readonly processes: readonly ProcessView[];
  /** Newest change of a program file of the site, by the server's clock. */
  readonly newestCode: { readonly path: string; readonly mtime: number } | null;
  /** Incidents of the log; null where there is no readable log. */
  readonly incidents: readonly Incident[] | null;
  readonly log: { readonly path: string; readonly problem: string | null } | null;
  /** That the server does not even try to start the dispatcher for a while, by its log: in sentences, and the seconds that are left. */
  readonly backOff: {
    readonly kind: 'backed-off' | 'spawn-score' | 'process-limit';
    readonly text: string;
    readonly secondsLeft: number | null;
  } | null;
  /** Seconds of the server's local time at which the requests of this examination began, as if it were UTC; null where unknown. */
  readonly since: number | null;
}
