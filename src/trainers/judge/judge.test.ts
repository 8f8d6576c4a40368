import { describe, expect, test } from 'vitest';
import { sdScripts } from '../sd-scripts/sd-scripts.ts';
import { seeThrough } from '../see-through.ts';
import { evidence, readLog } from '../testing/genuine-runs.ts';
import { judge } from './judge.ts';

const trained = 'running training / 学習開始\n\rsteps:  40%|████      | 2/5 [00:01<00:02, 4.0it/s, avr_loss=0.1]\n';
const traceback = (line: string) => `Traceback (most recent call last):\n  File "x.py", line 1, in <module>\n${line}\n`;
const logOf = (text: string) => readLog(sdScripts, text);
const code = (line: string) => judge(evidence(logOf(traceback(line)), { exitCode: 1 })).diagnosis?.code;

describe('the cause of a failure', () => {
  test.each([
    ['torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has', 'out-of-memory'],
    ['torch.cuda.OutOfMemoryError: CUDA out of memory.', 'out-of-memory'],
    ['RuntimeError: CUDA error: out of memory', 'out-of-memory'],
    ['RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`', 'out-of-memory'],
    ['RuntimeError: MPS backend out of memory (MPS allocated: 1 GB)', 'out-of-memory'],
    ['MemoryError', 'host-out-of-memory'],
    ['numpy._core._exceptions._ArrayMemoryError: Unable to allocate 3 GiB', 'host-out-of-memory'],
    ['RuntimeError: DataLoader worker (pid 7) is killed by signal: Killed. ', 'host-out-of-memory'],
    ['OSError: [Errno 28] No space left on device', 'disk-full'],
    [
      'safetensors_rust.SafetensorError: Error while serializing: IoError(Os { code: 28, kind: StorageFull })',
      'disk-full',
    ],
    ['RuntimeError: NaN detected in latents: /data/a.png', 'nan-latents'],
    ["ModuleNotFoundError: No module named 'lycoris'", 'missing-module'],
    ["FileNotFoundError: [Errno 2] No such file or directory: '/data/x'", 'file-not-found'],
    ['RuntimeError: CUDA error: device-side assert triggered', 'cuda-error'],
    ['RuntimeError: CUDA error: no kernel image is available for execution on the device', 'cuda-error'],
    ['ValueError: something else', 'exception'],
  ])('%s is %s', (line, expected) => {
    expect(code(line)).toBe(expected);
  });

  test('names the thing', () => {
    const { diagnosis } = judge(
      evidence(logOf(traceback("FileNotFoundError: [Errno 2] No such file or directory: '/data/x'")), { exitCode: 1 }),
    );
    expect(diagnosis?.message).toBe('A file is not there: /data/x');
  });

  test('is read out of a launcher that hides it', () => {
    const text = `${trained}${traceback("subprocess.CalledProcessError: Command '['python']' died with <Signals.SIGKILL: 9>.")}`;
    const judgement = judge(evidence(logOf(text), { exitCode: 1 }));
    expect(judgement).toMatchObject({ status: 'failed', childStatus: 137, diagnosis: { code: 'killed' } });
    expect(judge(evidence(logOf(text), { exitCode: 1, oomKilled: true })).diagnosis?.code).toBe('host-out-of-memory');
  });

  test('is the status where the log says nothing', () => {
    expect(judge(evidence(logOf(''), { exitCode: 127 })).diagnosis?.code).toBe('start-failed');
    expect(judge(evidence(logOf(''), { exitCode: null, signal: 'SIGKILL' })).diagnosis?.code).toBe('killed');
  });
});

describe('the outcome', () => {
  test('of status 0 without data is a failure', () => {
    const log = logOf('                    ERROR    No data found. Please verify arguments (x) train_network.py:251\n');
    expect(judge(evidence(log))).toMatchObject({ status: 'failed', diagnosis: { code: 'no-data' } });
  });

  test('of status 0 without training is a failure, unless that was asked for', () => {
    expect(judge(evidence(logOf('')))).toMatchObject({ status: 'failed', diagnosis: { code: 'nothing-trained' } });
    const { settings } = sdScripts.effective(seeThrough(['python', 'train_network.py', '--debug_dataset'], '/'), []);
    expect(judge(evidence(logOf(''), { settings }))).toMatchObject({
      status: 'succeeded',
      diagnosis: { code: 'nothing-trained' },
    });
  });

  test('of status 0 in the middle, with nothing saved, is a failure', () => {
    expect(judge(evidence(logOf(trained)))).toMatchObject({ status: 'failed', diagnosis: { code: 'nothing-trained' } });
  });

  test('of a failing exit after Ctrl-C, SIGTERM or a request is an interruption', () => {
    const keyboard = logOf(`${trained}${traceback('KeyboardInterrupt')}`);
    expect(judge(evidence(keyboard, { exitCode: 1 })).status).toBe('interrupted');
    expect(judge(evidence(logOf(trained), { exitCode: 143 })).status).toBe('interrupted');
    expect(judge(evidence(logOf(trained), { exitCode: null, signal: 'SIGTERM' })).status).toBe('interrupted');
    expect(judge(evidence(logOf(trained), { exitCode: null, signal: 'SIGKILL', stopAsked: true })).status).toBe(
      'interrupted',
    );
  });

  test('of a failure after the model was saved is a success with a diagnosis', () => {
    const log = logOf(
      `${trained}                    INFO     model saved.   x.py:1\n${traceback('ValueError: wandb')}`,
    );
    expect(judge(evidence(log, { exitCode: 1 }))).toMatchObject({
      status: 'succeeded',
      diagnosis: { code: 'exception' },
    });
  });

  test('without status is lost, unless log or artefacts tell', () => {
    const unknown = { exitCode: null };
    expect(judge(evidence(logOf(trained), unknown))).toEqual({ status: 'lost', childStatus: null, diagnosis: null });
    const final = { kind: 'checkpoint' as const, step: null, epoch: null, prompt: null, seed: null, final: true };
    expect(judge(evidence(logOf(trained), { ...unknown, artifacts: [final] })).status).toBe('succeeded');
    expect(judge(evidence(logOf(traceback('MemoryError')), unknown)).status).toBe('failed');
    expect(judge(evidence(logOf(trained), { ...unknown, stopAsked: true })).status).toBe('interrupted');
  });
});
