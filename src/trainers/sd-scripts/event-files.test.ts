import { describe, expect, test } from 'vitest';
import type { OutputPlan } from '../trainer.ts';
import { isOwnLog } from './event-files.ts';

const plan = (loggingDir: string | null, logPrefix: string | null = null): OutputPlan => ({
  outputDir: '/out/wolf',
  outputName: 'wolf',
  loggingDir,
  logPrefix,
  suggestedName: null,
  mustBeEmpty: false,
});
const events = 'events.out.tfevents.1763931307.lair.4711.0';

describe('a file of the output directory is a log of sd-scripts', () => {
  test.each([
    [`logs/20261123205507/network_train/${events}`, '/out/wolf/logs', null],
    [`logs/20261123205507/network_train/1763931307.5/${events}`, '/out/wolf/logs/', null],
    ['logs/20261123205507/hparams.yml', '/out/wolf/logs', null],
    [`logs/wolf_20261123205507/network_train/${events}`, '/out/wolf/logs', 'wolf_'],
    [`20261123205507/network_train/${events}`, '/out/wolf', null],
  ])('%s', (path, loggingDir, prefix) => {
    expect(isOwnLog(path, plan(loggingDir, prefix))).toBe(true);
  });
});

describe('a file is not taken for a log of sd-scripts', () => {
  test.each([
    ['without a logging directory', `logs/20261123205507/network_train/${events}`, null, null],
    ['outside the logging directory', `kept/20261123205507/network_train/${events}`, '/out/wolf/logs', null],
    ['beside the logging directory', `logs2/20261123205507/network_train/${events}`, '/out/wolf/logs', null],
    ['of another prefix', `logs/fox_20261123205507/network_train/${events}`, '/out/wolf/logs', 'wolf_'],
    ['of no session', `logs/mine/${events}`, '/out/wolf/logs', null],
    ['of another name', 'logs/20261123205507/network_train/notes.md', '/out/wolf/logs', null],
    ['directly in the logging directory', `logs/${events}`, '/out/wolf/logs', null],
  ])('%s', (_, path, loggingDir, prefix) => {
    expect(isOwnLog(path, plan(loggingDir, prefix))).toBe(false);
  });
});
