import { type Change, type Compared, change } from './change.ts';

/**
 * The command lines of trainers whose configuration Spoor does not read: what of them is no `--option`,
 * which the settings have. What such a trainer's own files say stays unknown.
 */
export function compareCommands(a: Compared, b: Compared): Change[] {
  if (isUnderstood(a) && isUnderstood(b)) return compareWords(a, b);
  const before = otherWords(a.run.command).join(' ');
  const after = otherWords(b.run.command).join(' ');
  const unread = change('config', 'unknown', 'configuration', { detail: 'this trainer’s own files are not read' });
  return before === after ? [unread] : [change('arguments', 'changed', 'command', { before, after }), unread];
}

/** Where the settings tell what a command means, another one is none of effect by itself. */
function compareWords({ run: { command: a } }: Compared, { run: { command: b } }: Compared): Change[] {
  const [before, after] = [a.join(' '), b.join(' ')];
  if (before === after) return [];
  const detail = 'what it means is compared by settings';
  return [change('arguments', 'changed', 'command', { before, after, effective: false, detail })];
}

/** Only where its options are known does a record have their defaults. */
function isUnderstood({ run }: Compared): boolean {
  return run.settings.some(({ key, source }) => source.kind === 'default' && !key.startsWith('accelerate.'));
}

function otherWords(command: readonly string[]): string[] {
  return command.filter((word, at) => {
    const isValue = !word.startsWith('-') && /^--[A-Za-z][^=]*$/.test(command[at - 1] ?? '');
    return !isValue && !/^--[A-Za-z]/.test(word);
  });
}
