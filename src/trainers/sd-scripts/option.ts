import type { ConfigValue } from '../../model/facts.ts';

/** One option of argparse as sd-scripts defines it: `--name` sets `name`. */
export interface Option {
  type: 'flag' | 'int' | 'float' | 'int-or-float' | 'string';
  /** Takes any number of values (`nargs="*"`). */
  list?: true;
  /** sd-scripts takes a list of one for its element, and an empty one for none. */
  listOfOneIsScalar?: true;
  /** argparse refuses any other value; what the configuration file sets is not checked. */
  choices?: readonly (string | number)[];
  /** Absent: `None`, or false for a flag. */
  default?: ConfigValue;
  /** Only names, places, describes or times what is written, so cannot change the result. */
  naming?: true;
}

export type OptionTable = Readonly<Record<string, Option>>;
