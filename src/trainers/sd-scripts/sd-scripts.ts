import { judge } from '../judge/judge.ts';
import type { Trainer } from '../trainer.ts';
import { artifactOf } from './artifact.ts';
import { checks } from './checks/checks.ts';
import { confirmSettings } from './confirm.ts';
import { effectiveConfiguration, wantedFiles } from './effective.ts';
import { isOwnLog } from './event-files.ts';
import { sdScriptsLogReader } from './log-grammar.ts';
import { isDemo, optionsFor, scriptOf } from './recognise.ts';

/** kohya's sd-scripts: train_network.py and its variants. */
export const sdScripts: Trainer = {
  id: 'sd-scripts',
  recognises: (invocation) => scriptOf(invocation) !== null && !isDemo(invocation),
  wants: (invocation, read, surroundings = { home: null, variables: {} }) =>
    wantedFiles(invocation, read, surroundings),
  effective: effectiveConfiguration,
  knows: (key, invocation) => optionsFor(invocation, scriptOf(invocation) ?? 'train_network').has(key),
  checks,
  artifact: artifactOf,
  isOwnLog,
  logReader: (take) => sdScriptsLogReader(take),
  judge,
  confirm: confirmSettings,
};

/** The bundled demonstration's trainer, which speaks sd-scripts' language. */
export const spoorDemo: Trainer = {
  ...sdScripts,
  id: 'spoor-demo',
  recognises: (invocation) => scriptOf(invocation) !== null && isDemo(invocation),
};
