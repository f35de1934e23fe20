// Facts about this machine that describe a result and never split the cache.
import { arch, cpus, hostname, platform, totalmem } from 'node:os';
import type { Environment } from '../schema/types.ts';

let known: Environment | undefined;

/** Read once: a run of thousands of stages asks for every one of them. */
export function readEnvironment(): Environment {
  if (known) return known;
  const processors = cpus();
  known = {
    platform: platform(),
    arch: arch(),
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    node: process.version,
    host: hostname(),
  };
  return known;
}

/** A variable's value; undefined where it is not set, though its name be one that every object has, such as `constructor`. */
export function variableIn(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}

/** What a stage sees of another environment: where programs and the user's files are, and what it declares. */
export function passedOn(
  environment: Readonly<Record<string, string | undefined>>,
  declared: readonly string[],
): Record<string, string> {
  const passed = Object.create(null) as Record<string, string>;
  for (const name of ['PATH', 'HOME', ...declared]) {
    const value = variableIn(environment, name);
    if (value !== undefined) passed[name] = value;
  }
  return passed;
}
