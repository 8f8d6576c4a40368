/** Every key of the page, by where it counts. */
import { useTranslation } from 'react-i18next';
import { isMac } from '../lib/keys.ts';
import { allowSingleKeys, useSingleKeys } from '../lib/single-keys.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';

const mod = isMac ? '⌘' : 'Ctrl';
const arrows = ['←', '→', '↑', '↓'];
/** Keys of one line do one thing, or one each; `+` holds keys together. */
const groups: Record<string, Record<string, string[]>> = {
  'keys.anywhere.title': {
    'keys.anywhere.palette': [`${mod}+K`],
    'keys.anywhere.help': ['?'],
  },
  'keys.runs.title': {
    'keys.runs.query': ['/'],
    'keys.runs.move': ['J', 'K', '↑', '↓'],
    'keys.runs.fold': ['←', '→'],
    'keys.runs.select': ['X'],
    'keys.runs.extend': ['Shift+X', 'Shift+↑', 'Shift+↓'],
    'keys.runs.compare': ['C'],
    'keys.runs.tag': ['T'],
    'keys.runs.verdict': ['V'],
    'keys.runs.trash': ['Delete'],
    'keys.runs.clear': ['Esc'],
  },
  'keys.charts.title': {
    'keys.charts.points': ['←', '→'],
    'keys.charts.tenth': ['Shift+←', 'Shift+→'],
    'keys.charts.zoom': ['+', '-'],
    'keys.charts.all': ['0'],
  },
  'keys.log.title': {
    'keys.log.search': ['/'],
    'keys.log.matches': ['N', 'Shift+N'],
  },
  'keys.samples.title': {
    'keys.samples.steps': ['←', '→'],
    'keys.samples.prompts': ['↑', '↓'],
    'keys.samples.ends': ['Home', 'End'],
    'keys.samples.step': ['Enter'],
    'keys.samples.zoom': ['+', '-', '0'],
    'keys.samples.pan': [`Shift+${arrows.join('+')}`],
    'keys.samples.ways': ['1', '2', '3', '4'],
    'keys.samples.blink': ['Space'],
  },
  'keys.blind.title': {
    'keys.blind.better': ['←', '→'],
    'keys.blind.neither': ['↓'],
    'keys.blind.undo': ['Backspace', `${mod}+Z`],
  },
  'keys.dataset.title': {
    'keys.dataset.images': arrows,
    'keys.dataset.ends': ['Home', 'End'],
  },
};

export default function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const allowed = useSingleKeys();
  return (
    <Dialog open wide onOpenChange={(open) => open || onClose()} title={t('keys.title')}>
      <div className="gap-x-10 sm:columns-2">
        {Object.entries(groups).map(([group, lines]) => (
          <section key={group} className="mb-5 break-inside-avoid" aria-labelledby={group}>
            <h3 id={group} className="mb-1.5 text-xs font-semibold text-ink-3">
              {t(group)}
            </h3>
            <dl>
              {Object.entries(lines).map(([line, keys]) => (
                <div key={line} className="flex min-h-7 items-center justify-between gap-4 text-sm">
                  <dt className="min-w-0">{t(line)}</dt>
                  <dd className="flex shrink-0 gap-1.5">
                    {keys.map((together) => (
                      <Together key={together} keys={together} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="flex cursor-pointer items-start gap-2.5 border-t border-line pt-4 text-sm">
        <input
          type="checkbox"
          checked={allowed}
          onChange={(event) => allowSingleKeys(event.target.checked)}
          className="mt-0.5 size-4 accent-accent"
        />
        <span>
          {t('keys.single')}
          <span className="block text-xs text-ink-3">{t('keys.singleHint')}</span>
        </span>
      </label>
    </Dialog>
  );
}

/** `Shift+X` as two keys; `+` itself is one. */
function Together({ keys }: { keys: string }) {
  const { t } = useTranslation();
  const each = keys.length === 1 ? [keys] : keys.split('+');
  return (
    <span className="flex gap-0.5">
      {each.map((key) => (
        <Kbd key={key}>{key === 'Space' ? t('keys.space') : key}</Kbd>
      ))}
    </span>
  );
}
