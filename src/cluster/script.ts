// What runs on a node, in POSIX sh and coreutils: stages one after another, each in a process group of its own, with the
// environment that it is given and no other. What becomes of each is in files beside its directory.
import { join } from 'node:path';
import type { StageJob } from '../runner/process/executor.ts';

/** Files in a stage's `control` directory. */
export const controlFiles = {
  /** The stage, as functions of sh; written by the runner. */
  stage: 'stage.sh',
  /** What the stage prints. */
  output: 'output.txt',
  started: 'started.json',
  exit: 'exit.json',
} as const;

/** What a job's `stage.sh` says. It holds values of environment variables: only its owner may read it. */
export function stageText(job: StageJob, nonce: string): string {
  const assignments = Object.entries(job.environment).map(([name, value]) => quote(`${name}=${value}`));
  // To env, a word with an equals sign is no program.
  const program = job.program.includes('=')
    ? ['/bin/sh', '-c', quote('exec "$@"'), 'sh', quote(job.program)]
    : [quote(job.program)];
  const devices = job.resources.gpus > 0 ? ['CUDA_VISIBLE_DEVICES', 'ROCR_VISIBLE_DEVICES'] : [];
  const line = [
    'exec setsid env -i',
    ...[...devices, ...job.passed].map((name) => `\${${name}+"${name}=$${name}"}`),
    ...assignments,
    ...program,
    ...job.words.map(quote),
  ];
  return `repro_nonce=${nonce}
repro_limit=${job.timeoutSeconds ?? ''}
repro_mark=${quote(`REPRO_STAGE=${job.environment['REPRO_STAGE'] ?? ''}`)}
repro_run() {
  cd ${quote(job.directory)} || exit 1
  ${line.join(' ')}
}
repro_outputs() {
${job.outputs.map((path) => `  repro_measure ${quote(path.replace(/\/$/, ''))}`).join('\n') || '  :'}
}
`;
}

/** A stage of a task. */
export interface Step {
  readonly control: string;
  readonly nonce: string;
}

/** The script of a batch: `tasks` has the stages of each. */
export function batchText(tasks: readonly (readonly Step[])[], identity: string): string {
  const cases = tasks.map((steps, task) => {
    const words = steps.flatMap(({ control, nonce }) => [quote(control), nonce]);
    return `${task}) set -- ${words.join(' ')} ;;`;
  });
  return `#!/bin/sh
# Submitted by repro: runs stages one after another.
${identity}
case $repro_task in
${cases.join('\n')}
*) set -- ;;
esac
${library}
trap 'repro_stopped=1' TERM
while [ $# -gt 0 ] && [ -z "$repro_stopped" ]; do
  repro_stage "$1" "$2"
  shift 2
done
exit 0
`;
}

/**
 * `repro_stage CONTROL NONCE` runs the stage of a directory, if it still has that nonce and nobody else has begun it. The
 * environment is this script's own until \`env -i\`.
 */
const library = `# Few processes: for a stage of milliseconds, these are what takes the time.
{
  read -r repro_host && read -r repro_machine && read -r repro_cores && read -r repro_memory && read -r repro_cpu
} <<END
$({
  uname -n
  uname -m
  getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1
  sed -n -e 's/^MemTotal: *\\([0-9]*\\) kB$/\\1/p;t' -e '/^model name/{s/^[^:]*: *//p;q;}' /proc/meminfo /proc/cpuinfo 2>/dev/null
} | tr -d '\\000-\\011\\013-\\037\\177"\\\\\\\\')
END
repro_stopped=
repro_events=
while IFS=: read -r repro_number repro_controllers repro_group; do
  case $repro_controllers$repro_group in
  memory/*job_*) [ -r "/sys/fs/cgroup/memory$repro_group/memory.oom_control" ] && repro_events=/sys/fs/cgroup/memory$repro_group/memory.oom_control ;;
  /*job_*) [ -r "/sys/fs/cgroup$repro_group/memory.events" ] && repro_events=/sys/fs/cgroup$repro_group/memory.events ;;
  esac
done </proc/self/cgroup 2>/dev/null
repro_kills() {
  repro_killed=
  [ -n "$repro_events" ] || return
  while read -r repro_name repro_value; do
    [ "$repro_name" = oom_kill ] && repro_killed=$repro_value
  done <"$repro_events" 2>/dev/null
}
repro_measure() {
  if [ -d "$1" ]; then
    repro_sum=$(find "$1" -type f -exec sha256sum -b {} + 2>/dev/null | sed 's/^\\\\//' | cut -c 1-64 | LC_ALL=C sort | sha256sum)
    repro_size=$(find "$1" -type f -exec cat {} + 2>/dev/null | wc -c)
  elif [ -f "$1" ]; then
    repro_sum=$(sha256sum <"$1")
    repro_size=$(wc -c <"$1")
  else
    repro_sum= repro_size=-1
  fi
  repro_list="$repro_list\${repro_list:+,}[\\"\${repro_sum%% *}\\",$repro_size]"
}
repro_end() {
  kill -s KILL -- "-$1" 2>/dev/null
  # Most stages leave nothing, and the numbers given out since they began are few: then nothing need be started to look.
  read -r repro_load repro_load repro_load repro_load repro_last </proc/loadavg
  if [ "$repro_last" -ge "$1" ] && [ "$repro_last" -lt $(($1 + 500)) ]; then
    repro_next=$(($1 + 1))
    until [ $repro_next -gt "$repro_last" ] || [ -e "/proc/$repro_next" ]; do repro_next=$((repro_next + 1)); done
    [ $repro_next -gt "$repro_last" ] && return
  fi
  repro_round=0
  while [ $repro_round -lt 20 ]; do
    repro_left=$(grep -lszxF -e "$repro_mark" /proc/[0-9]*/environ 2>/dev/null)
    [ -n "$repro_left" ] || break
    for repro_path in $repro_left; do
      repro_path=\${repro_path#/proc/}
      kill -s KILL "\${repro_path%/environ}" 2>/dev/null
    done
    repro_round=$((repro_round + 1))
  done
}
repro_stage() (
  repro_waited=0
  until [ -r "$1/stage.sh" ] || [ $repro_waited -ge 60 ]; do
    ls "$1" >/dev/null 2>&1
    sleep 1
    repro_waited=$((repro_waited + 1))
  done
  . "$1/stage.sh" || exit 0
  [ "$repro_nonce" = "$2" ] || exit 0
  (set -C && : >"$1/claim") 2>/dev/null || exit 0
  trap 'repro_stopped=1' TERM
  # Room for the end, which a stage that fills the disk must not take: JSON may be followed by blanks.
  printf '%8192s\\n' '' >"$1/exit.part"
  printf '{"nonce":"%s","job":"%s","host":"%s"}\\n' "$2" "$repro_job" "$repro_host" >"$1/started.json"
  repro_kills
  repro_before=$repro_killed
  repro_began=$(date +%s.%N)
  repro_run >>"$1/output.txt" 2>&1 </dev/null &
  repro_pid=$!
  repro_timer=
  if [ -n "$repro_limit" ]; then
    setsid sh -c 'sleep "$1"; mkdir "$2/timed-out"; kill -s TERM -- "-$3"; sleep 5; kill -s KILL -- "-$3"' \\
      timer "$repro_limit" "$1" "$repro_pid" >/dev/null 2>&1 </dev/null &
    repro_timer=$!
  fi
  repro_guard=
  if [ -n "$repro_guarded" ]; then
    setsid sh -c 'while kill -0 "$1"; do sleep 1; done; kill -s TERM -- "-$2"; sleep 5; kill -s KILL -- "-$2"' \\
      guard $$ "$repro_pid" >/dev/null 2>&1 </dev/null &
    repro_guard=$!
  fi
  wait "$repro_pid"
  repro_code=$?
  while kill -0 "$repro_pid" 2>/dev/null; do
    wait "$repro_pid"
    repro_code=$?
  done
  repro_ended=$(date +%s.%N)
  for repro_helper in $repro_timer $repro_guard; do
    kill -s KILL "$repro_helper" 2>/dev/null
    kill -s KILL -- "-$repro_helper" 2>/dev/null
  done
  repro_end "$repro_pid"
  repro_kills
  [ "$repro_killed" = "$repro_before" ] && repro_oom=false || repro_oom=true
  [ -d "$1/timed-out" ] && repro_late=true || repro_late=false
  [ -n "$repro_stopped" ] && repro_halted=true || repro_halted=false
  repro_list=
  repro_outputs
  printf '{"nonce":"%s","job":"%s","host":"%s","code":%d,"timedOut":%s,"stopped":%s,"outOfMemory":%s,"began":%s,"ended":%s,"logBytes":%d,"machine":"%s","cpu":"%s","cores":%d,"memoryKilobytes":%d,"outputs":[%s]}\\n' \\
    "$2" "$repro_job" "$repro_host" "$repro_code" $repro_late $repro_halted $repro_oom "$repro_began" "$repro_ended" \\
    "$(wc -c <"$1/output.txt")" "$repro_machine" "$repro_cpu" "$repro_cores" "\${repro_memory:-0}" "$repro_list" 1<>"$1/exit.part"
  mv "$1/exit.part" "$1/exit.json"
)`;

/** A word of sh that stands for a text as it is. */
export function quote(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Path of one of these files. */
export function controlPath(control: string, file: keyof typeof controlFiles): string {
  return join(control, controlFiles[file]);
}
