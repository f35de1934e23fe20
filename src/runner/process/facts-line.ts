// A stage's line of facts about how it computed, `::repro facts {"backend":"cpu"}`, in any language: they go into its record.

const prefix = '::repro facts ';

/** The facts a line states, texts by name; none when it is an ordinary line or not well formed. */
export function parseFacts(line: string): Readonly<Record<string, string>> {
  if (!line.startsWith(prefix)) return {};
  let content: unknown;
  try {
    content = JSON.parse(line.slice(prefix.length));
  } catch {
    return {};
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return {};
  return Object.fromEntries(
    Object.entries(content).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
