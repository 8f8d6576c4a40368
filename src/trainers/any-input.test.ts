/** What people, launchers and Python write may be anything: it is read as Python reads it, and never breaks. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConfigFile } from '../model/config-file.ts';
import type { ConfigValue, FileRole } from '../model/facts.ts';
import { accelerateNamedFiles, accelerateSettings } from './accelerate.ts';
import { childStatus, exceptionLines } from './judge/exceptions.ts';
import { judge } from './judge/judge.ts';
import { fromPythonText, intOrFloat, pythonFloat, pythonInt } from './sd-scripts/python-values.ts';
import { sdScripts } from './sd-scripts/sd-scripts.ts';
import { seeThrough } from './see-through.ts';
import { evidence, readLog } from './testing/genuine-runs.ts';

const file = (role: FileRole, value: Record<string, ConfigValue>): ConfigFile => ({
  role,
  path: `/lora/${role}`,
  format: 'json',
  value,
  lines: new Map(),
  error: null,
  fault: null,
});

/** Tables of few known keys at few levels, with values of every kind where others are expected. */
const { tree } = fc.letrec<{ tree: Record<string, ConfigValue>; value: ConfigValue }>((tie) => ({
  tree: fc.dictionary(
    fc.constantFrom(
      ...['general', 'datasets', 'subsets', 'image_dir', 'resolution', 'batch_size', 'num_repeats', 'class_tokens'],
      ...['learning_rate', 'unet_lr', 'text_encoder_lr', 'network_args', 'train_data_dir', 'dataset_config', 'seed'],
      ...['sample_prompts', 'output_dir', 'max_train_steps', 'deepspeed_config', 'mixed_precision', '__proto__', ''],
    ),
    tie('value'),
    { maxKeys: 5 },
  ),
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<ConfigValue>(null, true, false, 0, -1, 1e300, 'NaN', 'int:9223372036854775807', '', 'x', '1e-4'),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('tree'),
  ),
}));

describe('configuration of any shape', () => {
  test.each<[string, FileRole, string[]]>([
    ['of the trainer', 'config', ['--config_file=c']],
    ['of the dataset', 'dataset-config', ['--dataset_config=d']],
  ])('%s has settings, each named once in force, and nothing throws', (_, role, args) => {
    const invocation = seeThrough(['python', 'train_network.py', ...args], '/lora');
    fc.assert(
      fc.property(tree, (value) => {
        const { settings, warnings } = sdScripts.effective(invocation, [file(role, value)]);
        const keys = settings.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { code, message } of warnings) expect([code, message]).not.toContain('');
      }),
      { numRuns: 300 },
    );
  });

  test('of accelerate has settings, and names files by absolute paths', () => {
    const invocation = seeThrough(['accelerate', 'launch', '--config_file=a', 'train_network.py'], '/lora');
    fc.assert(
      fc.property(tree, (value) => {
        const read = [file('accelerate', value)];
        expect(() => accelerateSettings(invocation, read)).not.toThrow();
        for (const { path } of accelerateNamedFiles(invocation, read)) expect(path).toMatch(/^\//);
      }),
      { numRuns: 300 },
    );
  });
});

describe("Python's values", () => {
  const piece = fc.constantFrom(
    ...'0 1 9 12 _ . - + e E % inf nan infinity , [ ] ( ) None True x \' "'.split(' '),
    ' ',
  );
  const texts = fc.sample(
    fc.oneof(
      fc.array(piece, { maxLength: 6 }).map((parts) => parts.join('')),
      fc.double().map(String),
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
    ),
    3_000,
  );
  const python = `
import json, sys
def read(convert, text):
    try: return str(convert(text))
    except (ValueError, OverflowError): return None
print(json.dumps([[read(int, t), read(float, t)] for t in json.load(sys.stdin)]))`;

  test('are read as int() and float() read them', () => {
    const answers: [string | null, string | null][] = JSON.parse(
      execFileSync('python3', ['-c', python], { input: JSON.stringify(texts), encoding: 'utf8' }),
    );
    const special: Record<string, string> = { nan: 'NaN', inf: 'Infinity', '-inf': '-Infinity' };
    texts.forEach((text, at) => {
      const [int, float] = answers[at]!;
      const found = pythonInt(text);
      expect([text, found === undefined ? null : String(found).replace('int:', '').replace(/^-0$/, '0')]).toEqual([
        text,
        int,
      ]);
      const real = pythonFloat(text);
      const expected = float === null ? undefined : (special[float] ?? Number(float));
      expect([text, real]).toEqual([text, expected]);
      if (!text.endsWith('%')) expect(intOrFloat(text)).toEqual(real);
    });
  });

  test('of any other text stay text', () => {
    const unit = fc.constantFrom('x', 'y', ' ', 'ü', '"');
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        expect(fromPythonText(text)).toBe(text);
      }),
    );
  });
});

test('a log of any lines is judged, with a cause in one line for every failure', () => {
  const line = fc.oneof(
    fc.constantFrom(
      'Traceback (most recent call last):',
      '  File "x.py", line 1, in <module>',
      'RuntimeError: CUDA out of memory.',
      '[rank0]: Traceback (most recent call last):',
      'subprocess.CalledProcessError: Command returned non-zero exit status 99999999999999999999.',
      'died with <Signals.SIGKILL: 9>',
      '  exitcode  : -9 (pid: 1)',
      'KeyboardInterrupt',
      'running training / 学習開始',
      'model saved.',
    ),
    fc.string({ unit: 'binary' }),
  );
  const status = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), status, (lines, exitCode) => {
      const log = readLog(sdScripts, lines.join('\n'));
      const { status: judged, diagnosis } = judge(evidence(log, { exitCode }));
      expect(['succeeded', 'failed', 'interrupted', 'lost']).toContain(judged);
      if (judged === 'failed') expect(diagnosis?.message).toMatch(/^[^\n]+$/);
      expect(exceptionLines(lines).length).toBeLessThanOrEqual(lines.length);
      expect(childStatus(lines) ?? 0).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 300 },
  );
});
