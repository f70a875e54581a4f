/**
 * One step of a selector.
 * `key`: the value under a key of a map; in a list, a key of digits only is an index; outside of one
 * it is made only when it was `quoted`, since `list.0` may mean a list that is not there yet.
 * `index`: an element of a list, from 0. `item`: the one map in a list whose `key` has `value`.
 */
export type Segment =
  | { kind: "key"; key: string; quoted?: true }
  | { kind: "index"; index: number }
  | { kind: "item"; key: string; value: string };

/** A document of a multi-document YAML file, by `kind`, `metadata.name` and, when given, `metadata.namespace`. */
export interface DocumentName {
  kind: string;
  namespace?: string;
  name: string;
}

/** A place in a structured file. {@link parseSelector} has the grammar. */
export interface Selector {
  document?: DocumentName;
  /** At least one. */
  path: Segment[];
}
