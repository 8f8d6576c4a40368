import { Option } from 'commander';
import { type Define, repeat } from './define.ts';

/** Commands for trainings that something else starts: a GUI, a notebook, a queue, a script. */
export const defineStarting: Define = (program, { context, does, more }) => {
  program.commandsGroup('Record what something else starts:');

  program
    .command('wrap')
    .description('run a command and record every training it starts, each as its own run')
    .usage('-- COMMAND...')
    .argument('<command...>', 'a GUI, a queue, a script')
    .passThroughOptions()
    .addHelpText(
      'after',
      more(
        [['spoor wrap -- ./gui.sh'], ['spoor wrap -- ./train.sh', 'a script as it is']],
        'Trainers of docs/started-by-others.md are recognised by how Python is asked to start them. SPOOR_NO_WRAP=1 before a command leaves it alone.',
      ),
    )
    .action(does(async (command: string[]) => (await import('../commands/wrap.ts')).wrap(context, command)));

  program
    .command('wrapped', { hidden: true })
    .description('take the place of a trainer (used by the hook)')
    .argument('<command...>')
    .addOption(new Option('--check', 'only tell whether it is one'))
    .addOption(new Option('--ignored <signals>', 'what it ignores'))
    .passThroughOptions()
    .action(
      does(async (command: string[], options) =>
        (await import('../commands/wrapped.ts')).wrapped(context, command, options),
      ),
    );

  program
    .command('attach')
    .description('record a training that runs already, from now on to its end')
    .argument('<pid>', 'its process, a worker of it, or the script that started it')
    .option('--name <name>', 'name of the run (default: output_name, else the output directory)')
    .option('--output-dir <dir>', 'where the trainer writes (default: from its configuration)')
    .option('--dataset <dir>', 'a dataset directory (repeatable; default: from the configuration)', repeat)
    .option('--repo <path>', 'one more repository to record (repeatable)', repeat)
    .option('--script <file>', 'the training script to keep a copy of')
    .option('--reason <text>', 'why this run is being made')
    .option('--tag <tag>', 'tag the run (repeatable)', repeat)
    .addHelpText(
      'after',
      more(
        [['spoor attach 4711'], ['spoor attach "$(pgrep -f train_network.py | head -n 1)"']],
        'Goes on in the background. What had been changed between the launch and now is named; the exit status stays unknown; the log is kept where the output goes to a file.',
      ),
    )
    .action(
      does(async (pid: string, options) => (await import('../commands/attach.ts')).attach(context, pid, options)),
    );

  program
    .command('watch-dir')
    .description('record the trainings that a program makes inside itself, from what they write')
    .argument('<dir>', 'where it writes; for OneTrainer its workspace')
    .option('--idle <seconds>', 'without a trace for so long, a training that saved its model is over', '600')
    .option('--reason <text>', 'why the runs are being made')
    .option('--tag <tag>', 'tag the runs (repeatable)', repeat)
    .addHelpText(
      'after',
      more(
        [['spoor watch-dir ~/OneTrainer/workspace/run']],
        'Prints the id of each run as it begins. Ctrl-C ends the watching; a training that goes on is recorded to its end. --idle counts only where the process that trains cannot be seen.',
      ),
    )
    .action(
      does(async (dir: string, options) => (await import('../commands/watch-dir.ts')).watchDir(context, dir, options)),
    );

  const hook = program.command('hook').description('the same for a shell or a notebook: set the variables of wrap');

  hook
    .command('env')
    .description('print them for the shell: eval "$(spoor hook env)"')
    .option('--shell <name>', 'sh, bash, zsh or fish (default: from $SHELL)')
    .addHelpText(
      'after',
      more([['eval "$(spoor hook env)"', 'in bash and zsh'], ['spoor hook env --shell fish | source']]),
    )
    .action(does(async (options) => (await import('../commands/hook.ts')).hookEnv(context, options)));

  hook
    .command('jupyter')
    .description('put them into a Jupyter kernel, or print what belongs into its kernel.json')
    .argument('[kernel]', 'the directory of the kernel, or its kernel.json')
    .option('--remove', 'take them out again')
    .addHelpText(
      'after',
      more([['spoor hook jupyter ~/.local/share/jupyter/kernels/python3'], ['spoor hook jupyter', 'only print']]),
    )
    .action(
      does(async (kernel: string | undefined, options) =>
        (await import('../commands/hook.ts')).hookJupyter(context, kernel, options),
      ),
    );
};
