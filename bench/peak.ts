// The most memory that a process of Node had resident, told by itself.

/** To be imported first (`--import`): at its end the process says how many kilobytes it was, on stderr. */
export const PEAK_PROBE =
  'data:text/javascript,process.on("exit",()=>process.stderr.write(`\\npeak ${process.resourceUsage().maxRSS}\\n`))';

/** In MB, from what such a process wrote to stderr; null where it did not come to its end. */
export function peakMbIn(stderr: string): number | null {
  const kilobytes = /^peak (\d+)$/m.exec(stderr)?.[1];
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
}
