import type { ConfigValue } from '../../model/facts.ts';

/** One option of argparse as sd-scripts defines it: `--name` sets `name`. */
export interface Option {
  type: 'flag' | 'int' | 'float' | 'int-or-float' | 'string';
  /** Takes any number of values (`nargs="*"`). */
  list?: true;
  /** Absent: `None`, or false for a flag. */
  default?: ConfigValue;
  /** Only names, places, describes or times what is written, so cannot change the result. */
  naming?: true;
}

export type OptionTable = Readonly<Record<string, Option>>;
