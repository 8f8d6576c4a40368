import { visible } from '../../text.ts';

/** An argument as bash takes it; what a terminal would not show stands in `$'…'`. */
export function quoteArgument(argument: string): string {
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument;
  if (visible(argument) !== argument) return `$'${visible(argument.replace(/[\\']/g, '\\$&'))}'`;
  return `'${argument.replaceAll("'", "'\\''")}'`;
}
