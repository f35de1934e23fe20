// Permissions hold everybody but root: what a command is started with so that they hold root, too.
import { spawnSync } from 'node:child_process';

/** Words before those of a command; empty for anybody else, null where root cannot give its powers up. */
export function unprivileged(): readonly string[] | null {
  if (process.getuid?.() !== 0) return [];
  const words = ['setpriv', '--bounding-set=-dac_override,-dac_read_search,-fowner'];
  const isHeld = spawnSync(
    words[0]!,
    [words[1]!, 'sh', '-c', 'd=$(mktemp -d); chmod 555 $d; ! touch $d/x; r=$?; rmdir $d; exit $r'],
    { stdio: 'ignore' },
  );
  return isHeld.status === 0 ? words : null;
}
