import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { makeContext } from './context.ts';
import { groups } from './groups.ts';
import { queryBehindOptions } from './help.ts';
import { makeProgram } from './program.ts';

test('words with one dash are parts of a query, options stay options', () => {
  expect(queryBehindOptions(['ls', '-tag:bad', 'wolf', '--sort', '-loss', '-n', '5', '-name:x', '--json'])).toEqual([
    'ls',
    'wolf',
    '--sort',
    '-loss',
    '-n',
    '5',
    '--json',
    '--',
    '-tag:bad',
    '-name:x',
  ]);
  expect(queryBehindOptions(['ls', '-n5', '-h'])).toEqual(['ls', '-n5', '-h']);
  expect(queryBehindOptions(['ls', '-a', '--', '-b'])).toEqual(['ls', '--', '-a', '-b']);
});

test.each([80, 100])('no line of any help is wider than %d cells', (columns) => {
  const { command } = makeProgram({ ...makeContext(process), columns }, groups);
  for (const each of withSubcommands(command)) {
    let text = '';
    each.configureOutput({
      writeOut: (more) => {
        text += more;
      },
      getOutHelpWidth: () => columns,
    });
    each.outputHelp();
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(columns);
  }
});

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
