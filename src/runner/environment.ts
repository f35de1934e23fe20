// Facts about this machine that describe a result and never split the cache.
import { arch, cpus, hostname, platform, totalmem } from 'node:os';
import type { Environment } from '../schema/types.ts';

export function readEnvironment(): Environment {
  const processors = cpus();
  return {
    platform: platform(),
    arch: arch(),
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    node: process.version,
    host: hostname(),
  };
}
