/** The facts of a training as what is left of it tells them: what nothing tells stays unsaid. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { captureSmallFile, longestSmallFile, readSmall } from '../../capture/files/small-file.ts';
import { EventSource } from '../../follow/metrics/event-source.ts';
import type { TakePoint } from '../../follow/metrics/metrics-source.ts';
import { claimedTensorHash } from '../../formats/safetensors/claimed-hash.ts';
import { firstWallTime } from '../../formats/tfevents/event-file.ts';
import type { Artifact, FileRole, FileState, Series, Setting, Told, Warning } from '../../model/facts.ts';
import { makeRunId, type RunId, runIdTime } from '../../model/run-id.ts';
import { parseRunName } from '../../model/run-name.ts';
import { redactValue } from '../../model/secrets.ts';
import { LossTally, lossTags } from '../../trainers/judge/loss-tally.ts';
import { readMetadata } from '../../trainers/metadata/metadata.ts';
import { datasetToldBy, settingsTold } from '../../trainers/sd-scripts/header-settings.ts';
import { sdScripts } from '../../trainers/sd-scripts/sd-scripts.ts';
import type { LogState, Losses } from '../../trainers/trainer.ts';
import { weighed } from './attach-config.ts';
import type { FoundFile } from './find-files.ts';
import type { ModelFile } from './read-models.ts';
import { readReposText, toldRepository } from './repos-text.ts';
import { isFinal, type Training } from './training.ts';

export interface ImportedTraining {
  id: RunId;
  training: Training;
  name: string;
  facts: Told[];
  /** What the facts name. */
  blobs: Uint8Array[];
}

/** A month. */
const longestTraining = 30 * 24 * 3_600_000;
/** Names that say nothing of what was trained. */
const nondescript = /^(?:last|output|outputs|model|models|lora|checkpoints?|epoch|at|test|pytorch_lora_weights)$/i;

/** @param version of Spoor */
export async function factsOf(training: Training, version: string): Promise<ImportedTraining> {
  const final = training.models.at(-1) ?? null;
  const [files, repos, values] = await Promise.all([smallFiles(training), repositories(training), valuesOf(training)]);
  const { series } = values;
  const facts: Told[] = [];
  const settings = settingsOf(training);
  const places = new Set(training.config?.datasets.map(({ path }) => path));
  const name = nameOf(training);
  const id = await identityOf(training);
  facts.push(created(training, id, name, version));
  facts.push({
    type: 'arguments',
    trainer: trainerOf(training),
    script: null,
    wrappers: [],
    settings: settings.map((each) => recordedSetting(each, places)),
  });
  if (final && training.config) facts.push(...confirmations(training.config.settings, final));
  for (const repository of repos) facts.push({ type: 'repository', repository });
  for (const { file } of files) facts.push({ type: 'file', file });
  for (const file of final === null ? [] : modelsTold(final, settings)) facts.push({ type: 'file', file });
  const told = final === null ? null : datasetToldBy(final.metadata, final.path);
  if (told) facts.push({ type: 'dataset.told', told });
  for (const warning of [...training.warnings, ...values.warnings]) facts.push({ type: 'warning', warning });
  for (const artifact of artifactsOf(training)) facts.push({ type: 'artifact', artifact });
  if (series.length > 0) facts.push({ type: 'series', series });
  facts.push(ended(training, id, values));
  return { id, training, name, facts, blobs: files.flatMap(({ blob }) => blob ?? []) };
}

/**
 * Time of the start and 80 bits of what only this training has: the run in `spoor.json`, the session, the
 * first event, the model's header, the configuration. The same whoever imports it, and from where.
 */
async function identityOf(training: Training): Promise<RunId> {
  const { registry, models, events, log, config } = training;
  const [event] = events.toSorted((a, b) => a.createdAt - b.createdAt);
  const final = models.at(-1);
  const session = models.find((each) => each.session !== null);
  let words: (string | Uint8Array)[];
  let at = training.startedAt;
  if (registry) words = ['run', registry.run];
  else if (session) words = ['session', session.session!, String(session.startedAt)];
  else if (event) {
    const first = firstWallTime(await beginningOf(event.path));
    words = ['event', String(first), event.name];
    at ??= first === null ? event.createdAt : Math.floor(first * 1000);
  } else if (final) words = ['model', final.identity];
  else if (log) words = ['log', await beginningOf(log.path)];
  else words = ['configuration', config?.name ?? '', JSON.stringify(config?.file.value ?? training.directory)];
  const digest = createHash('sha256');
  for (const word of words) digest.update(word).update('\0');
  const modified = final?.modified ?? log?.modified ?? config?.modified ?? training.repos?.modified ?? 0;
  return makeRunId(Math.max(0, Math.floor(at ?? modified)), digest.digest().subarray(0, 10));
}

/** Enough to hold the first event; nothing of what cannot be read. */
async function beginningOf(path: string): Promise<Uint8Array> {
  const bytes = Buffer.alloc(64 << 10);
  const file = await open(path).catch(() => null);
  const read = await file?.read(bytes, 0, bytes.length, 0).catch(() => null);
  await file?.close();
  return bytes.subarray(0, read?.bytesRead ?? 0);
}

function nameOf({ registry, models, config, directory, repos }: Training): string {
  if (registry && registry.name !== '') return registry.name;
  const own = models.at(-1)?.outputName ?? outputNameIn(config?.settings ?? []);
  const isDescript = own !== null && own !== '' && !nondescript.test(own);
  const place = nondescript.test(basename(directory))
    ? basename(directory.replace(/\/[^/]*$/, ''))
    : basename(directory);
  // The guide names the directory after the run.
  if (repos && parseRunName(place).version !== null && !(isDescript && parseRunName(own).version !== null))
    return place;
  return isDescript ? own : place || 'imported';
}

function outputNameIn(settings: readonly Setting[]): string | null {
  const value = settings.find(({ key }) => key === 'output_name')?.value;
  return typeof value === 'string' ? value : null;
}

function created(training: Training, id: RunId, name: string, version: string): Told {
  const { how, directory, models, events, registry } = training;
  const host = events.find((each) => each.host !== null)?.host ?? null;
  const from = [...new Set([directory, ...models.map((each) => each.directory)])];
  return {
    type: 'run.created',
    id,
    name: parseRunName(name),
    command: [],
    commandSha256: null,
    cwd: '',
    outputDir: directory,
    outputDirExisted: true,
    trainer: trainerOf(training),
    reason: null,
    tags: [],
    parent: null,
    spoor: version,
    mode: 'attached',
    clean: false,
    imported: { how, from, host, original: registry?.run ?? null },
  };
}

/** Null for a model whose header does not tell. */
function trainerOf({ models, config, log, events, registry }: Training): string | null {
  const metadata = models.at(-1)?.metadata;
  if (metadata === undefined) return config || log || events.length > 0 || registry ? sdScripts.id : null;
  if ('ot_revision' in metadata || 'ot_branch' in metadata) return 'onetrainer';
  if (/ai-toolkit/.test(metadata.software ?? '')) return 'ai-toolkit';
  return Object.keys(metadata).some((key) => key.startsWith('ss_')) ? sdScripts.id : null;
}

function settingsOf({ models, config, registry }: Training): Setting[] {
  const final = models.at(-1);
  const told = final === undefined ? [] : toldBy(final);
  if (config === null) return told;
  // A file of Spoor's own layout is the one that was recorded at launch.
  const own = registry?.files[config.name];
  return weighed(config, told, own !== undefined && 'sha256' in own && own.sha256 === config.sha256);
}

/** As sd-scripts and what writes like it call them, else by the names of the model's own trainer. */
function toldBy({ metadata, path }: ModelFile): Setting[] {
  const told = settingsTold(metadata, path);
  if (told.length > 0) return told;
  const source = { kind: 'metadata' as const, file: path };
  return readMetadata(metadata).settings.map((each) => ({ ...each, source, effective: true, known: true }));
}

/** Without secrets; what the trainer ignores cannot change the result, nor where a dataset lay. */
function recordedSetting(setting: Setting, places: ReadonlySet<string>): Setting {
  const { key, value, effective, ignored } = setting;
  const isPlace = typeof value === 'string' && places.has(value);
  return { ...setting, value: redactValue(key, value), effective: effective && ignored === undefined && !isPlace };
}

function confirmations(settings: readonly Setting[], final: ModelFile): Told[] {
  const told = sdScripts.confirm(settings, final.metadata, sdScripts.logReader().state());
  return told.map(({ key, predicted, actual }) => ({ type: 'confirmed', key, predicted, actual, by: final.path }));
}

/** Bytes of the configuration, prompts and script, as they lie there now. */
async function smallFiles({ config, prompts, script }: Training) {
  const named: [FoundFile | null, FileRole, string][] = [
    [config, 'config', 'config_file'],
    [prompts, 'prompts', 'sample_prompts'],
    [script, 'script', '--script'],
  ];
  const captured = await Promise.all(
    named.map(async ([file, role, key]) => {
      if (file === null) return [];
      const read = await readSmall(file.path, longestSmallFile);
      return 'content' in read ? [captureSmallFile({ role, key, path: file.path, remote: false }, read.content)] : [];
    }),
  );
  return captured.flat();
}

/** Base model and VAE by the hashes that the trainer took of them. */
function modelsTold({ metadata }: ModelFile, settings: readonly Setting[]): FileState[] {
  const model = (role: FileRole, key: string, name: string | undefined, sha256: string | undefined): FileState[] => {
    const configured = settings.find((each) => each.key === key)?.value;
    const path = typeof configured === 'string' ? configured : name;
    if (path === undefined || path === 'None' || sha256 === undefined || !/^[0-9a-f]{64}$/.test(sha256)) return [];
    return [{ role, path, key, kind: 'file', sha1: null, sha256, bytes: null, object: null }];
  };
  return [
    ...model('base-model', 'pretrained_model_name_or_path', metadata.ss_sd_model_name, metadata.ss_new_sd_model_hash),
    ...model('vae', 'vae', metadata.ss_vae_name, metadata.ss_new_vae_hash),
  ];
}

async function repositories({ repos, models }: Training) {
  const read = repos === null ? null : await readSmall(repos.path, longestSmallFile);
  const told = read !== null && 'content' in read ? readReposText(read.content.toString('utf8')) : [];
  const head = models.at(-1)?.metadata.ss_sd_scripts_commit_hash ?? '';
  if (!/^[0-9a-f]{40}$/.test(head) || told.some((each) => each.head === head)) return told;
  return [...told, toldRepository({ name: 'sd-scripts', head })];
}

interface Values {
  series: Series[];
  losses: Losses | null;
  /** What was amiss with event files. */
  warnings: Warning[];
  /** When the last event was written, in milliseconds since 1970; 0 where there is none. */
  lastAt: number;
  /** The last one that a value was written for; null where there is none. */
  step: number | null;
}

/** Of the event files, else of the log. */
async function valuesOf({ events, log }: Training): Promise<Values> {
  const series = new Map<string, Series>();
  let lastAt = 0;
  let lastStep: number | null = null;
  const warnings: Warning[] = [];
  const tallies = new Map(lossTags.map((tag) => [tag, new LossTally()]));
  const take: TakePoint = (tag, axis, step, _time, value) => {
    add(series, tag, value);
    tallies.get(tag)?.add(step, value);
    if (axis === 'step' && stepTag.test(tag) && Number.isSafeInteger(step)) lastStep = Math.max(lastStep ?? 0, step);
  };
  for (const { path } of events) {
    const source = new EventSource(path);
    while ((await source.poll(take)) === 'more');
    warnings.push(...source.warnings());
    lastAt = Math.max(lastAt, Math.floor((source.lastAt ?? 0) * 1000));
  }
  const losses = [...tallies.values()].map((tally) => tally.result()).find(({ steps }) => steps > 0) ?? null;
  const found = series.size > 0 ? [...series.values()] : (log?.state.series ?? []);
  return { series: found, losses, warnings, lastAt, step: lastStep };
}

const stepTag = /^(?:loss\/(?:current|average)|lr\/\w+)$/;

function add(series: Map<string, Series>, tag: string, value: number): void {
  const measured = Number.isFinite(value) ? value : (String(value) as 'NaN');
  const finite = Number.isFinite(value) ? value : null;
  const known = series.get(tag);
  if (known === undefined) {
    series.set(tag, { tag, points: 1, first: measured, last: measured, min: finite, max: finite });
    return;
  }
  known.points++;
  known.last = measured;
  if (finite === null) return;
  known.min = Math.min(known.min ?? finite, finite);
  known.max = Math.max(known.max ?? finite, finite);
}

/** Hashes are not taken: of a thousand models that would be hours of reading. What their headers claim is kept. */
function artifactsOf({ models, samples, states }: Training): Artifact[] {
  const unhashed = { sha256: null, tensorSha256: null, goneAt: null };
  const plain = { step: null, epoch: null, prompt: null, seed: null, final: false };
  const at = ({ modified }: FoundFile) => (modified > 0 ? new Date(modified).toISOString() : null);
  const count = (text: string | undefined) => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null);
  return [
    ...models.map((model): Artifact => {
      const byStep = /-step\d{8}\.safetensors$/.test(model.name);
      const { path, bytes, metadata, session: sessionId } = model;
      const epoch = byStep ? null : count(metadata.ss_epoch);
      const claimed = claimedTensorHash(metadata);
      const place = { step: readMetadata(metadata).step, epoch, prompt: null, seed: null };
      return {
        kind: 'checkpoint',
        path,
        ...place,
        bytes,
        ...unhashed,
        ...(claimed === null ? {} : { claimedSha256: claimed }),
        sessionId,
        modifiedAt: at(model),
        final: isFinal(model),
      };
    }),
    ...states.map((state): Artifact => {
      const step = count(/-step(\d{8})-state$/.exec(state.name)?.[1]);
      return {
        kind: 'state',
        path: state.path,
        ...plain,
        step,
        bytes: null,
        ...unhashed,
        sessionId: null,
        modifiedAt: at(state),
      };
    }),
    ...samples.map((sample): Artifact => {
      const [, epoch, step, prompt, seed] =
        /_(?:e(\d{6,15})|(\d{6,15}))_(\d{2,9})_\d{14}(?:_(\d{1,15}))?\.png$/.exec(sample.name) ?? [];
      const place = { step: count(step), epoch: count(epoch), prompt: count(prompt), seed: count(seed), final: false };
      return {
        kind: 'sample',
        path: sample.path,
        ...place,
        bytes: sample.bytes,
        ...unhashed,
        sessionId: null,
        modifiedAt: at(sample),
      };
    }),
  ];
}

/** Judged as a run whose status nobody learned: by its log and what it made. */
function ended(training: Training, id: RunId, values: Values): Told {
  const { models, log, events, startedAt } = training;
  const state = log?.state ?? sdScripts.logReader().state();
  const final = models.at(-1) ?? null;
  const artifacts = models.map((model) => ({
    kind: 'checkpoint' as const,
    step: null,
    epoch: null,
    prompt: null,
    seed: null,
    // Where the last step was reached it is whole, whatever a person called it since.
    final:
      isFinal(model) ||
      (model.metadata.ss_steps !== undefined && model.metadata.ss_steps === model.metadata.ss_max_train_steps),
  }));
  const evidence = { exitCode: null, signal: null, stopAsked: false, oomKilled: null };
  const { status, diagnosis } = sdScripts.judge({
    ...evidence,
    log: state,
    losses: values.losses,
    artifacts,
    settings: [],
  });
  // Event files tell it themselves; copied, they are as young as the copy.
  const last =
    events.length > 0 ? 0 : Math.max(0, ...[...models, ...(log ? [log] : [])].map(({ modified }) => modified));
  const began = startedAt ?? runIdTime(id);
  // A file's own time may be that of a copy, years later.
  const written = last - began <= longestTraining ? last : 0;
  const end = Math.max(began, training.finishedAt ?? (values.lastAt || written || began));
  return {
    type: 'ended',
    status,
    exitCode: null,
    signal: null,
    startedAt: startedAt === null ? null : new Date(startedAt).toISOString(),
    endedAt: new Date(end).toISOString(),
    progress: progressOf(state, final, values),
    diagnosis,
  };
}

function progressOf(
  state: LogState,
  final: ModelFile | null,
  { series, step: lastStep }: Values,
): Extract<Told, { type: 'ended' }>['progress'] {
  const told = (key: string) => {
    const text = final?.metadata[key];
    return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
  };
  const average = series.find(({ tag }) => tag === 'loss/average')?.last ?? null;
  const { progress } = state;
  const step = progress.step ?? told('ss_steps') ?? lastStep;
  if (step === null && average === null) return null;
  return {
    step,
    total: progress.total ?? told('ss_max_train_steps'),
    epoch: progress.epoch,
    epochs: progress.epochs ?? told('ss_num_epochs'),
    loss: progress.loss ?? average,
    rate: progress.rate,
    phase: progress.step === null ? 'finished' : progress.phase,
  };
}
