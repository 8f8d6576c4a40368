import wrapAnsi from 'wrap-ansi';
import type { Artifact, ConfigValue, Setting } from '../../model/facts.ts';
import type { Repo, Run } from '../../model/run.ts';
import { type Style, statusText, verdictColour } from '../style.ts';
import { duration, fullTime, number, pad, plural, shortPath, size, truncate, visible, visibleLines } from '../text.ts';

export interface PageOptions {
  style: Style;
  columns: number;
  userHome: string;
  now: Date;
  /** Show what is folded by default: settings without effect, every file, package and artifact. */
  all: boolean;
}

/** One run on one readable page. */
export function runPage(run: Run, options: PageOptions): string[] {
  const page = new Page(options);
  header(page, run);
  if (run.warnings.length > 0) page.section('Warnings', warnings(run, page));
  page.section('Settings', settings(run, page));
  page.section(
    'Code',
    run.repos.flatMap((repo) => repoLines(repo, page)),
  );
  page.section('Files', files(run, page));
  page.section('Dataset', dataset(run, page));
  page.section('Environment', environment(run, page));
  page.section('Made', artifacts(run, page));
  page.section('Notes', notes(run));
  return page.lines;
}

class Page {
  readonly lines: string[] = [];
  readonly style: Style;
  readonly options: PageOptions;

  constructor(options: PageOptions) {
    this.options = options;
    this.style = options.style;
  }

  path(path: string): string {
    return shortPath(path, this.options.userHome);
  }

  /** Wraps below a label of fixed width. */
  field(label: string, text: string): void {
    const indent = 12;
    const wrapped = wrapAnsi(text, Math.max(20, this.options.columns - indent), { trim: false, hard: true }).split(
      '\n',
    );
    for (const [i, line] of wrapped.entries()) {
      this.lines.push(`${i === 0 ? this.style.dim(pad(label, indent)) : ' '.repeat(indent)}${line}`);
    }
  }

  section(title: string, lines: string[]): void {
    if (lines.length === 0) return;
    this.lines.push('', this.style.bold(title), ...lines.map((line) => `  ${line}`));
  }

  cut(text: string, indent = 2): string {
    return truncate(text, this.options.columns - indent);
  }
}

function header(page: Page, run: Run): void {
  const { style } = page;
  page.lines.push(`${style.bold(visible(run.name.full))}  ${statusText(run.status, style)}  ${style.dim(run.id)}`);
  const end = run.endedAt ? new Date(run.endedAt) : page.options.now;
  const took = duration(end.getTime() - new Date(run.startedAt).getTime());
  page.field(
    'started',
    `${fullTime(run.startedAt)} on ${visible(run.host)}, ${run.endedAt ? 'took' : 'so far'} ${took}`,
  );
  if (run.progress?.step != null) page.field('reached', reached(run));
  if (run.exitCode !== null && run.exitCode !== 0) page.field('exit', `status ${run.exitCode}`);
  if (run.signal) page.field('signal', run.signal);
  if (run.diagnosis) {
    const paint = run.status === 'failed' ? style.red : style.yellow;
    page.field('why', paint(visible(run.diagnosis.message)));
    if (run.diagnosis.hint) page.field('remedy', visible(run.diagnosis.hint));
  }
  if (run.reason) page.field('reason', visible(run.reason));
  if (run.verdict) {
    const why = run.verdictWhy ? ` — ${visible(run.verdictWhy)}` : '';
    page.field('verdict', verdictColour(run.verdict, style)(run.verdict) + why);
  }
  if (run.tags.length > 0) page.field('tags', run.tags.map(visible).join(' '));
  if (run.parent) page.field('parent', run.parent);
  page.field('command', style.cyan(run.command.map(quoteArgument).join(' ')));
  page.field('in', page.path(run.cwd));
  if (run.outputDir) page.field('output', page.path(run.outputDir));
}

function reached(run: Run): string {
  const { step, total, loss, epoch, epochs } = run.progress ?? {};
  const parts = [`step ${step}${total ? ` of ${total}` : ''}`];
  if (epoch != null) parts.push(`epoch ${epoch}${epochs ? ` of ${epochs}` : ''}`);
  if (loss != null) parts.push(`loss ${typeof loss === 'number' ? number(loss) : loss}`);
  return parts.join(', ');
}

/** An argument as a POSIX shell would take it, control characters visible in `$'…'`. */
export function quoteArgument(argument: string): string {
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument;
  if (/[\u0000-\u001f\u007f]/.test(argument)) return `$'${visible(argument.replace(/[\\']/g, '\\$&'))}'`;
  return `'${visible(argument).replaceAll("'", "'\\''")}'`;
}

function warnings(run: Run, page: Page): string[] {
  const wrap = (text: string, indent: string) =>
    wrapAnsi(text, Math.max(20, page.options.columns - 2 - indent.length), { hard: true })
      .split('\n')
      .map((line, i) => (i === 0 ? line : indent + line));
  return run.warnings.flatMap(({ message, hint }) => [
    ...wrap(`${page.style.yellow('!')} ${visible(message)}`, '  '),
    ...(hint ? wrap(`  ${page.style.dim(visible(hint))}`, '  ') : []),
  ]);
}

/** A configuration value in short: numbers as the field writes them, lists in brackets. */
export function valueText(value: ConfigValue): string {
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return value.startsWith('int:') ? value.slice(4) : visible(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    if ('redacted' in value && typeof value.redacted === 'string') return `[redacted ${value.redacted.slice(0, 12)}]`;
    return `{${Object.entries(value)
      .map(([key, each]) => `${visible(key)}: ${valueText(each)}`)
      .join(', ')}}`;
  }
  return String(value);
}

function settings(run: Run, page: Page): string[] {
  const { style, options } = page;
  const chosen = run.settings.filter(({ source }) => options.all || source.kind !== 'default');
  const [acting, idle] = [chosen.filter(acts), chosen.filter((each) => !acts(each))];
  const shown = options.all ? [...acting, ...idle] : acting;
  const keyWidth = Math.min(34, Math.max(0, ...shown.map(({ key }) => key.length)));
  const lines = shown.map((each) => {
    const source = sourceText(each);
    const room = options.columns - 2 - keyWidth - 2 - source.length - 2;
    const value = truncate(valueText(each.value), Math.max(12, room));
    const painted = each.ignored ? style.dim(value) : value;
    const line = `${style.cyan(pad(truncate(visible(each.key), keyWidth), keyWidth))}  ${painted}${source ? `  ${style.dim(source)}` : ''}`;
    return each.ignored
      ? `${line}\n${' '.repeat(keyWidth + 4)}${style.dim(`ignored: ${visible(each.ignored)}`)}`
      : line;
  });
  if (!options.all && idle.length > 0) {
    lines.push(style.dim(`and ${plural(idle.length, 'setting')} without effect on the result (--all shows them)`));
  }
  return lines.flatMap((line) => line.split('\n'));
}

const acts = (setting: Setting) => setting.effective && !setting.ignored;

function sourceText({ source, known }: Setting): string {
  const at = source.file
    ? `${visible(source.file.split('/').at(-1) ?? source.file)}${source.line ? `:${source.line}` : ''}`
    : '';
  const text = { argument: 'argument', default: 'default', environment: 'environment', confirmed: 'as trained' }[
    source.kind as string
  ];
  return `${text ?? at}${known ? '' : ' (unknown to the trainer)'}`;
}

function repoLines(repo: Repo, page: Page): string[] {
  const { style } = page;
  const where = repo.branch ?? (repo.kind === 'git' ? 'detached' : repo.kind);
  const state = repo.dirty === null ? 'unknown' : repo.dirty ? style.yellow(changesText(repo)) : style.green('clean');
  const head = repo.head ? repo.head.slice(0, 10) : 'no commit';
  const lines = [`${style.cyan(visible(repo.name))}  ${style.yellow(head)} ${visible(where)}  ${state}`];
  const facts = [
    page.path(repo.path),
    repo.describe ? visible(repo.describe) : '',
    repo.remote ? visible(repo.remote) : '',
  ];
  lines.push(page.cut(`  ${style.dim(facts.filter(Boolean).join('  '))}`));
  const shown = page.options.all ? repo.changedPaths : repo.changedPaths.slice(0, 8);
  for (const { path, status } of shown)
    lines.push(page.cut(`  ${style.yellow(pad(visible(status), 2))} ${visible(path)}`));
  const more = repo.changedPaths.length - shown.length;
  if (more > 0) lines.push(style.dim(`  and ${plural(more, 'more path')}`));
  for (const nested of repo.nested) {
    const mark = nested.dirty ? style.yellow('changed') : 'clean';
    lines.push(
      page.cut(
        `  ${nested.submodule ? 'submodule' : 'repository'} ${visible(nested.path)}  ${nested.head?.slice(0, 10) ?? 'no commit'}  ${mark}`,
      ),
    );
  }
  if (repo.omitted.length > 0)
    lines.push(style.dim(`  ${plural(repo.omitted.length, 'file')} recorded by name and hash only`));
  return lines;
}

function changesText({ changes }: Repo): string {
  const parts = [
    changes.staged > 0 ? `${changes.staged} staged` : '',
    changes.unstaged > 0 ? `${changes.unstaged} changed` : '',
    changes.untracked > 0 ? `${changes.untracked} untracked` : '',
  ];
  return parts.filter(Boolean).join(', ') || 'changed';
}

function files(run: Run, page: Page): string[] {
  const width = Math.max(0, ...run.files.map(({ role }) => role.length));
  return run.files.map((file) => {
    const hash = file.sha256 ? file.sha256.slice(0, 10) : file.kind === 'file' ? 'hashing…' : file.kind;
    const bytes = file.bytes === null ? '' : size(file.bytes);
    const facts = `${pad(file.role, width)}  ${pad(hash, 10)}  ${pad(bytes, 8, 'left')}  `;
    const missing = file.kind === 'missing' || file.kind === 'unreadable';
    const line = page.cut(facts + page.path(file.path));
    return missing ? page.style.red(line) : line;
  });
}

function dataset({ dataset }: Run, page: Page): string[] {
  if (!dataset) return [];
  const digest = dataset.sha256 ? dataset.sha256.slice(0, 10) : 'being hashed';
  const lines = [
    `${plural(dataset.images, 'image')}, ${plural(dataset.captions, 'caption')}, ${size(dataset.bytes)}  ${page.style.yellow(digest)}`,
  ];
  for (const root of dataset.roots) {
    const facts = [
      root.repeats === null ? '' : `${root.repeats} ×`,
      root.classTokens ?? '',
      root.captionExtension ?? '',
    ];
    lines.push(page.cut(`${page.path(root.path)}  ${page.style.dim(visible(facts.filter(Boolean).join('  ')))}`));
  }
  return lines;
}

function environment({ environment: env }: Run, page: Page): string[] {
  if (!env) return [];
  const lines: string[] = [];
  const add = (...parts: (string | null | false)[]) => {
    const text = parts.filter(Boolean).map((part) => visible(String(part)));
    if (text.length > 0) lines.push(page.cut(text.join('  ')));
  };
  add(
    env.python && `Python ${env.python}`,
    env.conda ? `conda ${env.conda}` : env.venv ? `venv ${page.path(env.venv)}` : null,
    plural(env.packages.length, 'package'),
  );
  add(env.torch && `torch ${env.torch}`, env.cuda && `CUDA ${env.cuda}`, env.driver && `driver ${env.driver}`);
  for (const gpu of env.gpus) add(gpu.name, gpu.memoryBytes !== null && size(gpu.memoryBytes));
  add(env.os, `${env.cpu.cores} × ${env.cpu.model}`, size(env.memoryBytes), env.container);
  if (page.options.all) {
    for (const each of env.packages)
      add(`  ${each.name} ${each.version ?? '?'}`, each.editable && page.path(each.editable));
    for (const [name, value] of Object.entries(env.variables))
      add(`  ${name}=${typeof value === 'string' ? value : '[redacted]'}`);
  }
  return lines;
}

function artifacts(run: Run, page: Page): string[] {
  const groups: [Artifact['kind'], string][] = [
    ['checkpoint', 'checkpoint'],
    ['state', 'state'],
    ['sample', 'sample'],
  ];
  return groups.flatMap(([kind, name]) => {
    const all = run.artifacts.filter((each) => each.kind === kind);
    if (all.length === 0) return [];
    const shown = page.options.all ? all : all.slice(-4);
    const lines = shown.map((each) => {
      const place = each.final
        ? 'final'
        : each.step !== null
          ? `step ${each.step}`
          : each.epoch !== null
            ? `epoch ${each.epoch}`
            : '';
      const facts = [
        pad(place, 10),
        each.bytes === null ? '' : size(each.bytes),
        each.sha256?.slice(0, 10) ?? '',
        each.goneAt ? 'deleted by the trainer' : '',
      ];
      return page.cut(
        `  ${visible(each.path.split('/').at(-1) ?? '')}  ${page.style.dim(facts.filter(Boolean).join('  '))}`,
      );
    });
    const more = all.length - shown.length;
    return [plural(all.length, name), ...lines, ...(more > 0 ? [page.style.dim(`  and ${more} more`)] : [])];
  });
}

function notes({ notes: all }: Run): string[] {
  return all.flatMap(({ at, text }) => [fullTime(at), ...visibleLines(text).map((line) => `  ${line}`)]);
}
