/** Fragment of a stage, or of all cells of one: another for each name. */
export function anchor(name: string): string {
  return `stage-${name.replace(/[^A-Za-z0-9-]/gu, (character) => `_${character.codePointAt(0)!.toString(16)}_`)}`;
}
