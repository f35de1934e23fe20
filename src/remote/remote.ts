// Bytes by key, somewhere else: a directory that others share, or a server. It is trusted with nothing: whoever reads from
// it checks what arrives.

export interface Transfer {
  readonly signal: AbortSignal;
  /** Told of bytes as they go over the line. */
  readonly onBytes?: (count: number) => void;
}

/** What lies at a key. */
export interface Entry {
  readonly key: string;
  readonly bytes: number;
  /** When it was put, by the remote's clock: milliseconds since 1970. */
  readonly modified: number;
}

/** In the names of what uploads that were killed have left: no key has it. */
export const partMark = '~';

/** Keys are relative paths of `[a-z0-9._-]` and `/`. Every method throws a `RemoteFault` where the remote gives no answer. */
export interface Remote {
  /** Without credentials. */
  readonly url: string;
  /** Those of the keys that are there. */
  has(keys: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>>;
  /**
   * Writes what lies at a key into a new file. False where nothing lies there; the file then is not there either.
   * @param mostBytes More than these are not taken: a `RemoteFault` `damaged`
   */
  get(key: string, file: string, mostBytes: number, transfer: Transfer): Promise<boolean>;
  /** Puts a file, by its path, or bytes at a key, whole or not at all, in the place of what lies there. */
  put(key: string, what: string | Uint8Array, transfer: Transfer): Promise<void>;
  /**
   * What lies below a folder, in no order, and what killed uploads have left there, by keys with a `~`. Nothing where there
   * is no such folder.
   * @param folder Empty, or with a slash at its end
   */
  list(folder: string, signal: AbortSignal): AsyncIterable<Entry>;
  /** Removes what lies at keys; where nothing does, that is as good. */
  remove(keys: readonly string[], signal: AbortSignal): Promise<void>;
  /**
   * Removes a folder that holds nothing. Where it holds something, or where nobody knows of folders, all stays as it is.
   * @param folder With a slash at its end
   */
  removeEmpty(folder: string, signal: AbortSignal): Promise<void>;
}

export type FaultKind =
  /** It cannot be reached, answers nothing, or answers that it cannot now. */
  | 'unreachable'
  /** It has let a request wait for as long as one may, without a byte. */
  | 'silent'
  /** It refuses: for want of credentials or rights, or because it knows of nothing of the kind. */
  | 'refused'
  | 'full'
  /** It takes no bytes, and does not say why. */
  | 'not-taken'
  /** What it sent is not what it must be. */
  | 'damaged';

/** Why a remote did not do what it was asked. */
export class RemoteFault extends Error {
  readonly kind: FaultKind;

  constructor(kind: FaultKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'RemoteFault';
    this.kind = kind;
  }
}
