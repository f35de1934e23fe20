// What follows the options in the help of a verb: examples, and what its exit codes mean.

interface Help {
  /** A command without `repro`, and what it does. */
  readonly examples: readonly (readonly [command: string, what: string])[];
  /** Codes beside 0, 1 and 2, which every verb has. */
  readonly exits?: readonly string[];
  /** When it ends with 1, where that is more than an error. */
  readonly failed?: string;
}

const interrupted = '130 interrupted';

export const help: Readonly<Record<string, Help>> = {
  run: {
    examples: [
      ['run', 'everything that is not up to date'],
      ["run eval 'train[seed=3]'", 'a stage and a cell, with what they need'],
      ["run 'train-*' prepare+", 'by a wildcard; a stage with all that needs it'],
      ['run --set training.steps=50 --report', 'with a parameter changed; the page is written'],
      ['run --watch --quiet', 'again after every change, telling only what is wrong'],
      ['run --serve', 'in a browser of this machine too, at the address that is printed'],
    ],
    failed: 'a stage failed',
    exits: ['3 a gate did not pass', interrupted],
  },
  audit: {
    examples: [
      ['audit', 'everything once more'],
      ['audit train --runs 3', 'one stage, three times'],
    ],
    failed: 'a stage failed',
    exits: ['4 a result is unstable', interrupted],
  },
  sweep: {
    examples: [
      ['sweep --set training.rate=0.1,0.3 --set model.depth=2,4', 'four runs, and a table of their numbers'],
      ['sweep eval --set seed=1,2,3', 'of one stage, with what it needs'],
    ],
    failed: 'a stage failed',
    exits: [interrupted],
  },
  init: { examples: [['init --python', 'a pipeline whose stages are in Python']] },
  status: {
    examples: [
      ['status', 'what a run would do'],
      ['status --profile ci --exit-code', 'in a script: is it up to date?'],
    ],
    exits: ['4 with --exit-code, if a run would execute anything'],
  },
  why: {
    examples: [
      ['why train', 'why a stage would run'],
      ["why 'train[seed=*]' --set training.steps=50", 'why its cells would run with a parameter changed'],
      ['why eval.accuracy', 'what a number was made of'],
    ],
  },
  numbers: {
    examples: [
      ['numbers', 'of the latest run'],
      ['numbers previous', 'of the one before'],
      ['numbers A B --format csv -o numbers.csv', 'of two runs, as a table'],
      ['numbers --by width,model', 'mean and spread over all else that varies'],
    ],
  },
  runs: { examples: [['runs', 'when, of what, and what came out']] },
  history: {
    examples: [
      ['history eval.accuracy', 'how it moved, and why'],
      ['history eval.accuracy --all --csv', 'runs with --set too, for a plot'],
    ],
  },
  diff: {
    examples: [
      ['diff', 'what moved since the run before'],
      ['diff HEAD~1 HEAD --attribute', 'and how much of it each change explains'],
      ['diff main --format markdown', 'for a comment on a change'],
    ],
    exits: ['4 a number moved though nothing it is made of has changed', interrupted],
  },
  gate: {
    examples: [
      ['gate --junit gates.xml', 'for CI'],
      ['gate --profile ci', 'of the latest run of a profile'],
      ['gate --self-test', 'can each of them fail?'],
    ],
    exits: ['3 a gate did not pass, or cannot fail'],
  },
  verify: {
    examples: [
      ['verify', 'hash all artifacts again'],
      ['verify camera-ready --recompute 2 -o appendix.md', 'also execute two stages again, and write it down'],
    ],
    failed: 'a stage could not be executed here',
    exits: ['4 something is not what the manifest says', interrupted],
  },
  report: {
    examples: [
      ['report', 'artifacts/report.html'],
      ['report previous -o before.html', 'of another run'],
      ['report baseline latest', 'two runs side by side: artifacts/comparison.html'],
      ['report --history', 'all runs, over time: artifacts/history.html'],
      ['report v1 v2 v3 --attribute', 'three, and how much of each move each change explains'],
    ],
    exits: [interrupted],
  },
  'export-model': { examples: [['export-model train', 'to models/train']] },
  figure: {
    examples: [
      ['figure train.curves', 'artifacts/figures/train.curves.svg'],
      ["figure 'eval[seed=1].samples' v1 -o samples.png", 'an image of a cell, of the run tagged v1'],
      ['figure train', 'of a stage that has one'],
    ],
  },
  cite: {
    examples: [
      ['cite', 'artifacts/numbers.tex and .json'],
      ['cite --fill paper.template.md -o paper.md', 'a text with its placeholders filled'],
    ],
  },
  log: {
    examples: [
      ["log 'train[seed=3]'", 'what a cell printed'],
      ['log train --follow', 'what a stage prints now'],
      ['log train previous', 'what it printed in another run'],
    ],
  },
  attach: {
    examples: [['attach', 'the run at work, from its beginning to its end']],
    failed: 'a stage of that run failed, or the run was killed',
    exits: ['3 a gate of that run did not pass', '130 that run was interrupted, or attach was'],
  },
  shell: {
    examples: [
      ["shell 'train[seed=3]'", 'look around where a cell would run'],
      ['shell train --debug', 'its command in a debugger'],
      ['shell train --keep', 'and its directory is there afterwards'],
    ],
    failed: 'the stage cannot be begun; otherwise it ends as the shell does',
  },
  push: {
    examples: [
      ['push --remote team', 'the latest run'],
      ['push train', 'a stage as it is'],
    ],
    exits: [interrupted],
  },
  pull: {
    examples: [
      ['pull', 'all that the plan needs'],
      ['pull camera-ready', 'a run by its tag'],
    ],
    exits: [interrupted],
  },
  fetch: { examples: [['fetch train', 'a stage with what it rests on']], exits: [interrupted] },
  remote: { examples: [['remote check team', 'read, push and time it']], exits: ['4 it can only be read'] },
  graph: {
    examples: [
      ['graph', 'as text'],
      ['graph --format svg -o pipeline.svg', 'as a picture'],
    ],
  },
  tag: {
    examples: [
      ['tag camera-ready', 'the latest run'],
      ['tag', 'all names'],
      ['tag camera-ready --delete', 'the name goes, the run stays'],
    ],
  },
  'lint-paper': {
    examples: [['lint-paper paper.tex latest', 'are all its numbers in a run?']],
    exits: ['4 no run gives a number of the text'],
  },
  export: {
    examples: [
      ['export in-toto --key key.pem', 'signed provenance of each stage'],
      ['export mlflow latest last', 'two runs, for mlflow ui'],
      ['export tensorboard', 'its curves, for tensorboard --logdir tensorboard'],
      ['export curves', 'artifacts/curves.csv'],
    ],
  },
  completion: { examples: [['completion bash', 'to be read by the shell: source <(repro completion bash)']] },
  gc: {
    examples: [
      ['gc', 'what could go, and how much it is'],
      ['gc --keep 5 --delete', 'delete all but five runs and tagged ones'],
    ],
  },
};

/** Examples and exit codes of a verb. */
export function helpText(verb: string): string {
  const { examples = [], exits = [], failed = 'it could not be done' } = help[verb] ?? {};
  const width = examples.reduce((most, [command]) => Math.max(most, command.length), 0);
  const lines = examples.map(([command, what]) => `  repro ${command.padEnd(width)}   ${what}`);
  const codes = ['0 fine', `1 ${failed}`, '2 wrong usage or an invalid file', ...exits];
  return ['', ...(lines.length > 0 ? ['Examples:', ...lines, ''] : []), `Exit codes: ${codes.join(', ')}.`].join('\n');
}
