/** Writes chosen runs as a site that any web server can give out. */
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type SharedExtra, type SharedPart, wrapShared } from '../../api/shared-site.ts';
import { errorCode, SpoorError } from '../../model/errors.ts';
import type { Run } from '../../model/run.ts';
import type { RunId } from '../../model/run-id.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { handlersOver, type ShareContext } from './asking.ts';
import { chosenHome } from './chosen-home.ts';
import { cleansed } from './cleanse.ts';
import { cleansingOf } from './cleansing.ts';
import { type FoundSecret, secretsInDocument, secretsInText } from './secrets.ts';
import { type SiteDocument, siteData } from './site-data.ts';
import { sharedPage, sharedReadme } from './site-page.ts';

export interface ShareRequest {
  runs: readonly RunId[];
  /** Absolute; must not be there, or be empty. */
  directory: string;
  without: ReadonlySet<SharedPart>;
  extras: ReadonlySet<SharedExtra>;
  /** Although likely secrets are inside. */
  withSecrets: boolean;
  /** Of the page as it is built for sites. */
  siteDirectory: string;
}

export interface Shared {
  files: number;
  bytes: number;
  runs: { id: RunId; name: string }[];
  /** Where the name of a machine or an account still stands: in what people and trainers wrote. */
  named: string[];
  /** Runs and families that are named after a prompt or caption that is left out, and keep their names. */
  namedAfter: string[];
}

/** As many as can be compared at once. */
const mostShared = 12;

/**
 * Nothing is left where it fails. Errors: `too-many-runs`, `run-is-running`, `directory-not-empty`, `no-page`,
 * `cannot-write`, `likely-secrets`.
 */
export async function writeSite(context: ShareContext, request: ShareRequest): Promise<Shared> {
  const { home } = context.recording;
  const { directory, siteDirectory } = request;
  const ids = [...new Set(request.runs)];
  if (ids.length > mostShared) {
    const hint = 'Share them in several sites.';
    throw new SpoorError('usage', 'too-many-runs', `${ids.length} runs are more than ${mostShared}`, hint);
  }
  const runs = await Promise.all(ids.map((id) => loadRun(home, id)));
  refuseRunning(runs);
  if (!existsSync(join(siteDirectory, 'page.js')))
    throw new SpoorError('unavailable', 'no-page', 'the pages are not part of this build', 'npm run build makes them.');
  await refuseFilled(directory);
  const scratch = await mkdtemp(join(dirname(directory), '.spoor-share-')).catch((error) => {
    throw new SpoorError('cannot-write', 'cannot-write', `${dirname(directory)} cannot be written to`, null, error);
  });
  try {
    const site = join(scratch, 'site');
    const shared = await fill(site, scratch, context, request, runs);
    await rmdir(directory).catch(() => {});
    await rename(site, directory);
    return shared;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function fill(
  site: string,
  scratch: string,
  context: ShareContext,
  request: ShareRequest,
  runs: readonly Run[],
): Promise<Shared> {
  const { recording, userHome } = context;
  const { without, extras, siteDirectory, withSecrets } = request;
  const home = await chosenHome(recording.home, recording.host, request.runs, join(scratch, 'home'));
  const { handlers, close } = handlersOver({ ...context, recording: { ...recording, home } });
  const named = [...runs]
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
    .map(({ id, name }) => ({ id, name: name.full }));
  const shared: Shared = { files: 0, bytes: 0, runs: named, named: [], namedAfter: [] };
  const write = async (path: string, content: string | Uint8Array) => {
    await mkdir(dirname(join(site, path)), { recursive: true });
    await writeFile(join(site, path), content);
    shared.files++;
    shared.bytes += content.length;
  };
  try {
    const whole = async (bytes: Uint8Array) => {
      const made = await recording.images?.preview(bytes, true);
      if (!made)
        throw new SpoorError('unavailable', 'no-image-library', 'there is nothing here to decode pictures with');
      return made.webp;
    };
    const options = { handlers, home, runs: named, without, extras, whole };
    const { clean, names, namedAfter } = await cleansingOf(options, recording.host, userHome);
    shared.namedAfter.push(...namedAfter);
    const secrets: (FoundSecret & { remedy: SiteDocument['remedy'] })[] = without.has('code') ? [] : inCode(runs);
    for await (const { path, place, remedy, content } of siteData(options)) {
      if ('bytes' in content) {
        const isWrapped = path.endsWith('.js');
        await write(path, isWrapped ? wrapShared(path, Buffer.from(content.bytes).toString('base64')) : content.bytes);
        continue;
      }
      const found = 'json' in content ? secretsInDocument(content.json, place) : secretsInText(content.text, place);
      secrets.push(...found.map((each) => ({ ...each, remedy })));
      const byLines = remedy === 'log' || remedy === 'code';
      const text =
        'json' in content ? JSON.stringify(cleansed(content.json, clean, byLines)) : clean.lines(content.text);
      if (names(text) && !shared.named.includes(place)) shared.named.push(place);
      await write(path, path.endsWith('.js') ? wrapShared(path, text) : text);
    }
    if (!withSecrets) refuseSecrets(secrets);
    await cp(siteDirectory, site, { recursive: true });
    await write('index.html', sharedPage);
    await write(
      'README.txt',
      sharedReadme(
        named.map(({ name }) => name),
        [...without],
      ),
    );
    return shared;
  } finally {
    await close();
  }
}

function refuseRunning(runs: readonly Run[]): void {
  const running = runs.find(({ endedAt }) => endedAt === null);
  if (!running) return;
  const hint = 'Share it when it has; spoor log RUN -f waits.';
  throw new SpoorError('busy', 'run-is-running', `run ${running.id} has not ended`, hint);
}

async function refuseFilled(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw new SpoorError(
      'cannot-write',
      'cannot-write',
      `${directory} is no directory that can be written`,
      null,
      error,
    );
  });
  if (names.length === 0) return;
  const hint = 'Choose a directory that is new, or empty.';
  throw new SpoorError('cannot-write', 'directory-not-empty', `${directory} is not empty`, hint);
}

function inCode(runs: readonly Run[]) {
  return runs.flatMap(({ name, repos }) =>
    repos.flatMap((repo) =>
      repo.likelySecrets.map(({ path, kind }) => ({
        place: `the code of ${name.full}: ${repo.name}/${path}`,
        kind,
        remedy: 'code' as const,
      })),
    ),
  );
}

const mostNamed = 8;

function refuseSecrets(found: readonly (FoundSecret & { remedy: SiteDocument['remedy'] })[]): void {
  const lines = [...new Set(found.map(({ place, kind }) => `${place} (${kind})`))];
  if (lines.length === 0) return;
  const more = lines.length > mostNamed ? `\n  and ${lines.length - mostNamed} more` : '';
  const list = lines.slice(0, mostNamed).map((line) => `\n  - ${line}`);
  const parts = [...new Set(found.flatMap(({ remedy }) => remedy ?? []))];
  const leave = parts.length > 0 ? `Leave out what holds them: --without ${parts.join(',')}. ` : '';
  throw new SpoorError(
    'refused',
    'likely-secrets',
    `the site would hold what seems to be secret:${list.join('')}${more}`,
    `${leave}If these are no secrets, or the site stays with you: --with-secrets`,
  );
}
