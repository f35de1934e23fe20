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
