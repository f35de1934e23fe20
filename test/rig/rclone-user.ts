// Asks rclone what is in a directory, says so, and waits for a line: then it ends by having nothing more to do.
import { once } from 'node:events';
import { RcloneRemote } from '../../src/remote/rclone.ts';

const remote = new RcloneRemote(`:local:${process.argv[2]!}`);
await remote.has(['v1/x'], new AbortController().signal);
process.stdout.write('asked\n');
await once(process.stdin, 'data');
process.stdin.destroy();
