// A project on a file system of a network whose client remembers what it has seen, and what was not there: sshfs with caches of
// some seconds. The nodes write into the same directory, behind the client's back. A namespace of mounts has both at one path.
import { execFileSync } from 'node:child_process';
import { accessSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Rig } from '../rig/rig.ts';
import { startSlurm, whyNoSlurm } from '../rig/slurm.ts';
import { missingForSshd, type Sshd, startSshd } from '../rig/sshd.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const reason = whyNot();
/** For which a client of the file system believes what it knows. */
const seconds = 6;

describe.skipIf(reason !== null)(`jobs behind caches of sshfs${reason === null ? '' : ` (${reason})`}`, () => {
  it('are seen to end, and of what they wrote nothing is lost', async () => {
    await using slurm = await startSlurm();
    await using sshd = await startSshd();
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test
stages:
  a: { run: [sh, write.sh], code: [write.sh], outputs: { file: out.bin, folder: parts/ } }
  b: { run: [sh, write.sh], code: [write.sh], inputs: { before: a.file }, outputs: { file: out.bin, folder: parts/ } }
`,
      'repro.config.yaml': `executors: { cluster: { kind: slurm } }\nuse: { '*': cluster }\n`,
      'write.sh': `mkdir -p parts/more
for i in 1 2 3 4 5; do
  echo line $i
  echo $i > parts/more/$i
  head -c 500000 /dev/urandom >> out.bin
  sleep 0.3
done
`,
    });
    const environment = { ...slurm.environment, XDG_CONFIG_HOME: join(rig.root, 'none') };
    using outside = temporaryDirectory({ 'mounted.sh': mounted(rig.root, sshd) });
    const within = ['unshare', '-m', 'sh', join(outside.path, 'mounted.sh')];
    const { code, stdout, stderr } = await rig.startWith({ environment, within }, 'run').result;
    expect(code, stdout + stderr).toBe(0);
    for (const stage of ['a', 'b']) {
      expect(rig.read(`artifacts/${stage}/parts/more/5`)).toBe('5\n');
      expect((await rig.repro('log', stage)).stdout).toBe('line 1\nline 2\nline 3\nline 4\nline 5\n');
    }
    // Every digest is that of the bytes.
    expect(await rig.repro('verify')).toMatchObject({ code: 0 });
  });
});

function whyNot(): string | null {
  const missing = [...missingForSshd(), ...(existsSync('/usr/bin/sshfs') ? [] : ['sshfs'])];
  if (missing.length > 0) return `Debian's ${missing.join(', ')} is not installed`;
  try {
    accessSync('/dev/fuse');
    execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' });
  } catch {
    return 'nothing can be mounted here';
  }
  return whyNoSlurm();
}

/** A script of sh that runs its words where a directory is what sshfs shows of it. */
function mounted(root: string, { port, user, key }: Sshd): string {
  const caches = ['dcache_timeout', 'dcache_stat_timeout', 'dcache_dir_timeout', 'attr_timeout', 'entry_timeout'];
  const options = [
    ...caches.map((name) => `${name}=${seconds}`),
    `IdentityFile=${key}`,
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
  ];
  return `there=$(mktemp -d)
sshfs -f -p ${port} -o ${options.join()} ${user}@127.0.0.1:${root} "$there" &
until mountpoint -q "$there"; do kill -0 $! || exit 9; sleep 0.1; done
mount --bind "$there" ${root}
cd ${root}
"$@"
code=$?
cd /
umount ${root} "$there"
wait
rmdir "$there"
exit $code
`;
}
