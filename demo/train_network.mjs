/**
 * A LoRA trainer in miniature, with the options and the output of kohya's sd-scripts. It really trains:
 * a low-rank update of a frozen base learns, by gradient descent, to paint the dataset's pictures from
 * their captions. It needs nothing but Node.
 */
import { existsSync } from 'node:fs';
import { PythonError, traceback } from './library/failure.mjs';
import { readOptions, UsageError, usage } from './library/options.mjs';
import { log } from './library/terminal.mjs';
import { Training } from './library/training.mjs';

const program = 'train_network.mjs';

/** @type {{ training: Training | null }} */
const current = { training: null };

process.once('SIGINT', () => {
  process.stderr.write(traceback(new PythonError('KeyboardInterrupt', '')));
  current.training?.bar?.close();
  process.kill(process.pid, 'SIGINT');
});

async function main() {
  const options = readOptions(process.argv.slice(2), (path) => {
    log(`Loading settings from ${path}...`);
    if (existsSync(path)) log(path.replace(/\.toml$/, ''));
  });
  if (options === 'help') {
    process.stdout.write(usage(program));
    return;
  }
  current.training = Training.prepare(options);
  await current.training?.run();
}

try {
  await main();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${usage(program)}${program}: error: ${error.message}\n`);
    process.exitCode = 2;
  } else {
    process.stderr.write(traceback(error));
    current.training?.bar?.close();
    process.exitCode = 1;
  }
}
