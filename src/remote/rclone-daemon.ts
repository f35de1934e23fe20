// One `rclone rcd` for all that this process asks of rclone: on loopback, with a password that nobody else knows, and ended
// with this process, however that ends.
import { randomBytes } from 'node:crypto';
import { RemoteFault } from './remote.ts';

/** How to ask it. */
export interface Daemon {
  /** With a slash at the end. */
  readonly url: string;
  readonly authorization: string;
}

/**
 * The standard input of the shell is a pipe whose other end is ours alone: it ends with us, even where we are killed. Closing
 * the shell's own standard error leaves rclone as the only one who writes into that pipe, so its end is seen there.
 */
const endWithUs = '"$@" </dev/null & exec 2>&-; read _; kill $!';

/** Milliseconds that it may take to answer. */
const startsWithin = 30_000;

const words = [
  ['rcd', '--rc-addr', '127.0.0.1:0', '--rc-serve'],
  // It would wait at a terminal that it does not have.
  ['--ask-password=false'],
  // What is silent is given up, as by the other clients; what is there is replaced, whatever its date.
  ['--timeout', '60s', '--contimeout', '15s', '--low-level-retries', '3', '--ignore-times'],
].flat();

/** Over SFTP it would start a shell for each file, to hash it there: what arrives here is hashed in any case. */
const settings = { RCLONE_SFTP_DISABLE_HASHCHECK: 'true', RCLONE_SFTP_SHELL_TYPE: 'none' };

let running: Promise<Daemon> | null = null;

/** @throws {RemoteFault} where it does not start */
export function rcloneDaemon(): Promise<Daemon> {
  running ??= start().catch((error: unknown) => {
    running = null;
    throw error;
  });
  return running;
}

async function start(): Promise<Daemon> {
  const { execa } = await import('execa');
  const password = randomBytes(24).toString('hex');
  // With AWS_CA_BUNDLE its S3 fails in every request.
  const { AWS_CA_BUNDLE: _, ...environment } = process.env;
  const subprocess = execa('sh', ['-c', endWithUs, 'sh', 'rclone', ...words], {
    env: { ...environment, ...settings, RCLONE_RC_USER: 'repro', RCLONE_RC_PASS: password },
    extendEnv: false,
    stdio: ['pipe', 'ignore', 'pipe'],
    buffer: false,
    reject: false,
    // An interruption at the terminal is ours to pass on. Whoever ends the shell leaves rclone behind.
    detached: true,
    cleanup: false,
  });
  const { stdin, stderr } = subprocess;
  // Nobody waits for it: the process may end when all else is done.
  subprocess.unref();
  for (const stream of [stdin, stderr]) (stream as unknown as { unref(): void }).unref();
  stdin.on('error', () => {});
  const end = new Promise<null>((resolve) => stderr.once('close', () => resolve(null)));
  void end.then(() => {
    running = null;
    stdin.end();
  });
  let said = '';
  const address = new Promise<string>((resolve) => {
    stderr.on('data', (chunk: Buffer) => {
      // Only its beginning is of interest; what comes later would block it, were it not read.
      if (said.length < 10_000) said += chunk.toString();
      const found = /Serving remote control on (http:\/\/127\.0\.0\.1:\d+\/)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const { promise: late, stop } = timer(startsWithin);
  const url = await Promise.race([address, end, late]).finally(stop);
  if (url === null) {
    stdin.end();
    if (/\brclone: .*not found/.test(said)) {
      throw new RemoteFault('unreachable', 'rclone is not installed here: https://rclone.org/install');
    }
    throw new RemoteFault('unreachable', `rclone does not start: ${said.trim() || 'it says nothing'}`);
  }
  return { url, authorization: `Basic ${Buffer.from(`repro:${password}`).toString('base64')}` };
}

function timer(milliseconds: number): { readonly promise: Promise<null>; stop(this: void): void } {
  let handle: NodeJS.Timeout | undefined;
  const promise = new Promise<null>((resolve) => (handle = setTimeout(() => resolve(null), milliseconds)));
  return { promise, stop: () => clearTimeout(handle) };
}
