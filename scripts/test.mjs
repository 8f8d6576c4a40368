// Runs the tests: node scripts/test.mjs [VITEST ARGUMENTS...], e.g. a folder or `-t PATTERN`.
// Ends with a plain line that counts them: `12 passed, 0 failed, 1 skipped`. With CI=true a test that fails
// is run once more, and what passes only then is told: it waits for something that it does not name.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const scratch = mkdtempSync(join(tmpdir(), 'spoor-test-results-'));
const report = join(scratch, 'results.json');

process.on('SIGINT', () => {});
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const retry = process.env.CI ? ['--retry=1'] : [];
const command = [...confinement(), process.execPath, vitest, 'run', ...retry, ...reporters, ...process.argv.slice(2)];
const run = spawnSync(command[0], command.slice(1), { cwd: root, stdio: 'inherit' });
const { passed, failed, skipped, again } = counts();
rmSync(scratch, { recursive: true, force: true });
process.exitCode = run.status === 0 && (failed > 0 || passed + skipped === 0) ? 1 : (run.status ?? 1);
for (const { file, name, why } of again) console.log(`passed only when it was run again: ${file} > ${name}\n  ${why}`);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);

/**
 * Takes from root the right to override permissions, so that the tests of what may not be read or written
 * run for root too; empty where that cannot be done, or the checkout is another user's.
 */
function confinement() {
  const confined = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'];
  const writable = spawnSync(confined[0], [...confined.slice(1), 'test', '-w', join(root, 'node_modules')]);
  return process.getuid?.() === 0 && writable.status === 0 ? confined : [];
}

/** A file that fails outside its tests counts as one failure; so does a run that left no report. */
function counts() {
  try {
    const results = JSON.parse(readFileSync(report, 'utf8'));
    const broken = results.testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    ).length;
    const failed = results.numFailedTests + broken;
    const again = results.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
        .map((test) => ({
          file: relative(root, name),
          name: test.fullName,
          why: test.failureMessages[0].split('\n')[0],
        })),
    );
    return {
      again,
      passed: results.numPassedTests,
      failed: failed === 0 && run.status !== 0 ? 1 : failed,
      skipped: results.numPendingTests + results.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, again: [] };
  }
}
