// Plain values of YAML that remember where they were written.
import type { Location } from './diagnostic.ts';

export type YamlNode = ScalarNode | ListNode | MappingNode;
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: null | boolean | number | string;
  readonly at: Location;
}
export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly at: Location;
}
export interface MappingNode {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly at: Location;
}
export interface Entry {
  readonly key: Location;
  readonly value: YamlNode;
}
