// What S3's servers and its SDK say, as what it means.
import { type FaultKind, RemoteFault } from './remote.ts';

interface S3Error extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const kinds: Readonly<Record<string, FaultKind>> = {
  QuotaExceeded: 'full',
  InsufficientStorage: 'full',
  EntityTooLarge: 'full',
  CredentialsProviderError: 'refused',
  SilentServer: 'silent',
};

const explained: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    'there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run "aws configure"',
  RequestTimeTooSkewed: 'the clock of this machine is too far from the server’s: set it by NTP',
  'Region is missing': 'there is no region: say region: in repro.config.yaml, or set AWS_REGION',
  NoSuchBucket: 'there is no such bucket',
};

/** Nothing has moved for a while; no error that the SDK would try again after. */
export class SilentServer extends Error {
  constructor(patience: number, cause: unknown) {
    super(`nothing has moved for ${patience / 1000} seconds`);
    this.name = 'SilentServer';
    // Not as `cause`, in which the SDK finds the error that it would try again after.
    Object.defineProperty(this, 'origin', { value: cause });
  }
}

/** Nothing lies at the key. A bucket that is not there is another matter, wherever the answer says which it is. */
export function isMissing(error: unknown): boolean {
  const { name, $metadata } = error as S3Error;
  return $metadata?.httpStatusCode === 404 && name !== 'NoSuchBucket';
}

/** Refused by right, or because the server knows of nothing of the kind. */
export function isNotForUs(error: unknown): boolean {
  const status = (error as S3Error).$metadata?.httpStatusCode;
  return status !== undefined && [403, 405, 501].includes(status);
}

export function faultOf(error: unknown, url: string): unknown {
  if (error instanceof RemoteFault || !(error instanceof Error)) return error;
  const { name, message, $metadata } = error as S3Error;
  const status = $metadata?.httpStatusCode;
  const kind = kinds[name] ?? kindOf(status);
  const said = explained[name] ?? explained[message] ?? (message === '' || message === 'UnknownError' ? name : message);
  const answered = status === undefined ? ':' : ` answered ${status}${name === 'Unknown' ? '' : ` ${name}`}:`;
  return new RemoteFault(kind, `${url}${answered} ${said}`, error);
}

function kindOf(status: number | undefined): FaultKind {
  if (status !== undefined && [401, 403, 405, 501].includes(status)) return 'refused';
  return status === 413 || status === 507 ? 'full' : 'unreachable';
}
