// What a remote can do, in sentences.
import { durationText } from '../../manifest/text/number-text.ts';
import { bytesText } from '../../pipeline/memory.ts';
import type { CheckedRemote } from '../../project/remote-check.ts';
import { paint } from './print.ts';

/** Seconds that two clocks may differ by without anybody noticing. */
const sameClock = 2;

export function remoteCheckLines(checked: CheckedRemote): string[] {
  const { remote, url, read, write, list, remove, canRead, canPush, left } = checked;
  const { up, down } = checked.bytesPerSecond;
  const latency = checked.latencySeconds;
  const pace = [
    ...(latency === undefined ? [] : [`${(latency * 1000).toPrecision(3)} ms for a small file`]),
    ...(down === undefined ? [] : [`${bytesText(down)}/s`]),
  ];
  const wrote = [
    ...(up === undefined ? [] : [`${bytesText(up)}/s`]),
    ...(checked.replaces === false ? ['what lies there is not replaced: tags cannot be moved'] : []),
    signatureText(checked),
  ];
  return [
    `remote    ${remote}, ${url}`,
    row('read', read, pace),
    row('write', write, wrote),
    ...(checked.unsigned === null ? [] : [row('key', checked.unsigned, [])]),
    row('list', list, list === null ? [] : ['gc --remote needs it']),
    row('delete', remove, []),
    ...clockLines(checked),
    ...killedLines(checked),
    ...left.map((key) => `left      ${key} could not be removed`),
    '',
    `${verdict(canRead, 'Reading')} ${verdict(canPush, 'Pushing')}`,
  ];
}

function row(what: string, why: string | null | undefined, more: readonly string[]): string {
  if (why === undefined) return `${what.padEnd(9)} not tried`;
  return `${what.padEnd(9)} ${[why === null ? 'yes' : `NO: ${why}`, ...more].join(', ')}`;
}

function signatureText({ unsigned, signed }: CheckedRemote): string {
  if (unsigned !== null) return 'but not signed as it must be';
  return signed ? 'signed' : 'signed by nobody';
}

function clockLines({ clockSeconds: ahead }: CheckedRemote): string[] {
  if (ahead === undefined) return [];
  const text =
    Math.abs(ahead) <= sameClock
      ? "this machine's"
      : `${durationText(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} this machine's`;
  return [`clock     ${text}`];
}

function killedLines({ killedUpload }: CheckedRemote): string[] {
  if (killedUpload === undefined) return [];
  const texts = {
    nothing: 'leaves nothing',
    part: 'leaves a part under another name, which gc --remote deletes',
    'half a file': 'leaves HALF A FILE under its final name: what is pushed there would be damaged',
    'the whole file': 'was too fast to tell',
  };
  return [`killed    an upload that is broken off ${texts[killedUpload]}`];
}

const verdict = (can: boolean, what: string): string =>
  can ? paint('green', `${what} works.`) : paint('red', `${what} does not work.`);
