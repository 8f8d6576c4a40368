import type { Run } from '../../model/run.ts';
import type { Restored } from './restored.ts';

/** `RESTORED.md`: what stands in the directory, and what does not. */
export function reportText(run: Run, restored: Restored, spoor: string): string {
  const { repos, files, dataset, missing } = restored;
  const started = run.startedAt.slice(0, 19).replace('T', ' ');
  const lines = [
    `# ${plain(run.name.full)}`,
    '',
    `Run ${run.id}, started ${started} UTC, restored by Spoor ${spoor}.`,
    ...(run.reason === null ? [] : ['', `> ${plain(run.reason)}`]),
    '',
    'Start it again with `sh command.sh`, or record it: `spoor run -- sh command.sh`.',
    '',
    '## What is here',
    '',
    ...repos.map(({ path, from, head, repository }) => {
      const at = head === null ? '' : ` at ${head.slice(0, 12)}`;
      return `- ${code(path)}: ${code(from)}${at}${repository ? ', a git repository with its history' : ''}`;
    }),
    ...files.map(({ role, path, from }) => `- ${code(path)}: ${role}, ${code(from)}`),
    ...(dataset === null
      ? []
      : [
          `- ${code(dataset.path)}: ${dataset.files} files${dataset.found > 0 ? `, ${dataset.found} of them found elsewhere by their hash` : ''}`,
        ]),
    ...restored.checkpoints.map(({ path, from }) => `- ${code(path)}: ${code(from)}`),
    '- `rewritten/`: configuration files with paths that lead here, where there were any; `command.sh` uses them',
    '- `environment.txt`: the packages, for `pip install -r`',
    '',
    '## What is missing',
    '',
    ...(missing.length === 0 ? ['Nothing.'] : []),
    ...missing.map(({ kind, path, reason, sha256 }) => {
      return `- ${kind} ${code(path)}: ${plain(reason)}${sha256 === null ? '' : ` (SHA-256 ${sha256})`}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

function code(text: string): string {
  const inner = plain(text);
  return inner.includes('`') ? `\`\` ${inner} \`\`` : `\`${inner}\``;
}
