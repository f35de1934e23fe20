// `s3:` remotes: Amazon's object storage, and what speaks its language: Ceph, MinIO, Swift, R2. Credentials come from where
// its SDK looks for them: the environment, `~/.aws`, the machine's role.
import { promises as fs } from 'node:fs';
import type { Readable } from 'node:stream';
import type { ListMultipartUploadsCommandInput, ListMultipartUploadsCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { Idle, usualPatience } from './idle.ts';
import { inParallel } from './parallel.ts';
import { type Arrived, type Arriving, receive } from './receive.ts';
import { type Entry, partMark, type Remote, RemoteFault, type Transfer } from './remote.ts';
import { faultOf, isMissing, isNotForUs, SilentServer } from './s3-fault.ts';
import { partBytes, type Sdk, uploadInParts } from './s3-upload.ts';

export interface S3Place {
  readonly endpoint?: string;
  readonly region?: string;
  /** Milliseconds without a byte after which a request is given up. */
  readonly patience?: number;
}

interface Options {
  readonly abortSignal: AbortSignal;
}

/** Keys that are asked for one by one: a list of up to a thousand costs as much as so many. */
const fewKeys = 50;

export class S3Remote implements Remote {
  readonly url: string;
  readonly #sdk: Sdk;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #base: string;
  readonly #patience: number;

  /** @param url `s3://BUCKET`, or with a prefix below it. */
  constructor(sdk: Sdk, url: string, { endpoint, region, patience = usualPatience }: S3Place) {
    const { hostname, pathname } = new URL(url);
    const base = decodeURIComponent(pathname).replace(/^\/+|\/+$/g, '');
    this.url = url;
    this.#sdk = sdk;
    this.#bucket = hostname;
    this.#base = base === '' ? '' : `${base}/`;
    this.#patience = patience;
    this.#client = clientOf(sdk, patience, endpoint, region);
  }

  async has(keys: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const there = new Set<string>();
    let waiting = [...keys].sort();
    // Lists are in the order of keys: each begins before the first one that is not known of, and tells of all up to its end.
    while (waiting.length > fewKeys) {
      // Nothing else lies between a digest and its own beginning.
      const page = await this.#page({ Prefix: this.#base, StartAfter: this.#at(waiting[0]!.slice(0, -1)) }, signal);
      const listed = new Set(page.entries.map(({ key }) => key));
      const end = page.entries.at(-1)?.key ?? '';
      const left = page.next === undefined ? [] : waiting.filter((key) => key > end);
      for (const key of waiting) if (listed.has(key)) there.add(key);
      const settled = waiting.length - left.length;
      waiting = left;
      if (settled < fewKeys) break;
    }
    await inParallel(waiting, async (key) => void ((await this.#isThere(key, signal)) && there.add(key)));
    return there;
  }

  async get(key: string, file: string, mostBytes: number, transfer: Transfer): Promise<boolean> {
    const source = {
      url: this.url,
      patience: this.#patience,
      ask: (arrived: Arrived | null, idle: Idle) => this.#getFrom(key, arrived, idle),
      faultOf: (error: unknown, idle: Idle) => this.#faultOf(error, idle.signal, idle.reason),
    };
    return await receive(source, file, mostBytes, transfer);
  }

  async #getFrom(key: string, arrived: Arrived | null, idle: Idle): Promise<Arriving | null> {
    const rest = arrived && { Range: `bytes=${arrived.offset}-`, IfMatch: arrived.version };
    try {
      const command = new this.#sdk.GetObjectCommand({ ...this.#place(key), ...rest });
      const answer = await this.#client.send(command, { abortSignal: idle.signal });
      const [, first, whole] = /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.ContentRange ?? '') ?? [];
      const offset = first === undefined ? 0 : Number(first);
      const bytes = whole === undefined ? (answer.ContentLength ?? null) : Number(whole);
      return { body: answer.Body as Readable, offset, version: answer.ETag ?? null, bytes };
    } catch (error) {
      if (isMissing(error)) return null;
      const { httpStatusCode: status } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
      // Another lies there now, or it ends where the rest would begin.
      if (rest && (status === 412 || status === 416)) return await this.#getFrom(key, null, idle);
      throw error;
    }
  }

  async put(key: string, what: string | Uint8Array, { signal, onBytes }: Transfer): Promise<void> {
    const place = this.#place(key);
    const size = typeof what === 'string' ? (await fs.stat(what)).size : what.length;
    await this.#asking(signal, async (options) => {
      if (typeof what === 'string' && size > partBytes) {
        const transfer = { signal: options.abortSignal, ...(onBytes && { onBytes }) };
        return await uploadInParts(this.#sdk, this.#client, place, what, size, transfer);
      }
      // Bytes in memory can be sent once more, a stream cannot.
      const Body = typeof what === 'string' ? await fs.readFile(what) : what;
      await this.#client.send(new this.#sdk.PutObjectCommand({ ...place, Body, ContentLength: Body.length }), options);
      onBytes?.(Body.length);
    });
  }

  async *list(folder: string, signal: AbortSignal): AsyncGenerator<Entry> {
    const Prefix = this.#at(folder);
    let next: string | undefined;
    do {
      const page = await this.#page({ Prefix, ...(next !== undefined && { ContinuationToken: next }) }, signal);
      yield* page.entries;
      next = page.next;
    } while (next !== undefined);
    yield* this.#unfinished(Prefix, signal);
  }

  async remove(keys: readonly string[], signal: AbortSignal): Promise<void> {
    const { AbortMultipartUploadCommand, DeleteObjectCommand } = this.#sdk;
    // Not many at a time: that needs a checksum, and each kind of server wants another.
    await inParallel(keys, async (key) => {
      const [name = '', ...upload] = key.split(partMark);
      const place = this.#place(name);
      await this.#unless(isMissing, undefined, signal, async (options) => {
        if (upload.length === 0) await this.#client.send(new DeleteObjectCommand(place), options);
        else {
          const command = new AbortMultipartUploadCommand({ ...place, UploadId: upload.join(partMark) });
          await this.#client.send(command, options);
        }
      });
    });
  }

  /** It has keys, and no folders. */
  removeEmpty(): Promise<void> {
    return Promise.resolve();
  }

  #isThere(key: string, signal: AbortSignal): Promise<boolean> {
    return this.#unless(isMissing, false, signal, async (options) => {
      await this.#client.send(new this.#sdk.HeadObjectCommand(this.#place(key)), options);
      return true;
    });
  }

  async #page(
    from: { readonly Prefix: string; readonly StartAfter?: string; readonly ContinuationToken?: string },
    signal: AbortSignal,
  ): Promise<{ readonly entries: Entry[]; readonly next: string | undefined }> {
    const command = new this.#sdk.ListObjectsV2Command({ Bucket: this.#bucket, ...from });
    const answer = await this.#asking(signal, (options) => this.#client.send(command, options));
    const entries = (answer.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
      key: Key.slice(this.#base.length),
      bytes: Size,
      modified: LastModified?.getTime() ?? 0,
    }));
    return { entries, next: answer.IsTruncated === true ? answer.NextContinuationToken : undefined };
  }

  /** Uploads that were begun and neither completed nor aborted: their parts are kept, and cost. */
  async *#unfinished(Prefix: string, signal: AbortSignal): AsyncGenerator<Entry> {
    let after: Pick<ListMultipartUploadsCommandInput, 'KeyMarker' | 'UploadIdMarker'> | null = {};
    while (after !== null) {
      const input: ListMultipartUploadsCommandInput = { Bucket: this.#bucket, Prefix, ...after };
      const answer = await this.#unless<ListMultipartUploadsCommandOutput | null>(isNotForUs, null, signal, (options) =>
        this.#client.send(new this.#sdk.ListMultipartUploadsCommand(input), options),
      );
      // Who may not know of them cannot remove them either.
      if (answer === null) return;
      for (const { Key = '', UploadId = '', Initiated } of answer.Uploads ?? []) {
        const key = `${Key.slice(this.#base.length)}${partMark}${UploadId}`;
        yield { key, bytes: 0, modified: Initiated?.getTime() ?? 0 };
      }
      const { IsTruncated, NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = answer;
      after = IsTruncated === true ? { KeyMarker, UploadIdMarker } : null;
    }
  }

  #at(key: string): string {
    return `${this.#base}${key}`;
  }

  #place(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#bucket, Key: this.#at(key) };
  }

  #unless<T>(
    isSo: (error: unknown) => boolean,
    answer: T,
    signal: AbortSignal,
    act: (options: Options) => Promise<T>,
  ): Promise<T> {
    return this.#asking(signal, (options) =>
      act(options).catch((error: unknown) => {
        if (isSo(error)) return answer;
        throw error;
      }),
    );
  }

  async #asking<T>(signal: AbortSignal, act: (options: Options) => Promise<T>): Promise<T> {
    try {
      // A signal for each: more than ten who listen to one are taken for a leak.
      return await act({ abortSignal: AbortSignal.any([signal]) });
    } catch (error) {
      throw this.#faultOf(error, signal, null);
    }
  }

  #faultOf(error: unknown, signal: AbortSignal, silence: Error | null): unknown {
    if (silence) return new RemoteFault('silent', `${this.url}: ${silence.message}`, error);
    return signal.aborted ? error : faultOf(error, this.url);
  }
}

function clientOf(sdk: Sdk, patience: number, endpoint?: string, region?: string): S3Client {
  // Which version of the SDK there is, is up to who installed it; each command of theirs would say it again.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const client = new sdk.S3Client({
    // Servers elsewhere have one region, and take any name for it.
    ...(region !== undefined ? { region } : endpoint !== undefined && { region: 'us-east-1' }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    followRegionRedirects: true,
    // Ceph 16 and Swift do not know the checksums that are usual now; ours are checked in any case.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Of a body that falls silent, `receive` is the first to know.
    requestHandler: { connectionTimeout: patience, socketTimeout: patience + 1000 },
  });
  // Inside of the SDK's tries: a server that is silent once is not asked again.
  client.middlewareStack.add(
    (next) => async (request) => {
      try {
        return await next(request);
      } catch (error) {
        throw (error as Error).name === 'TimeoutError' ? new SilentServer(patience, error) : error;
      }
    },
    { step: 'deserialize', priority: 'low' },
  );
  return client;
}
