import { RotateCcw } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type SettingRow as Row, type SettingFault, type SettingsFile } from '../../../../src/api/index.ts';
import { IconButton } from '../../ui/button.tsx';
import { Check, Fault, TextInput } from '../../ui/field.tsx';
import { Segments } from '../../ui/segments.tsx';
import { tell, tellFailure } from '../../ui/tell.ts';
import { saveSettings } from './settings-file.ts';

/**
 * One setting of the file. What is chosen is saved at once, what is typed when one leaves the field or presses Enter;
 * Escape gives it up. What was saved can be undone.
 */
export function SettingRow({ row, file, disabled }: { row: Row; file: SettingsFile; disabled: boolean }) {
  const { t } = useTranslation();
  const id = useId();
  const [refused, setRefused] = useState<SettingFault | null>(null);
  const name = row.key.replace('.', '_');
  const label = t(`settings.label.${name}`);
  const fault = refused ?? file.faults.find(({ at }) => at === row.key) ?? null;
  const shown = (value: Row['value']) => valueText(value, t);
  /** @returns whether it was saved */
  const save = async (value: Row['value'], seen = file, isUndoing = false): Promise<boolean> => {
    try {
      const { faults, file: now } = await saveSettings(seen, { settings: { [row.key]: value } });
      setRefused(faults[0] ?? null);
      if (faults.length > 0) return false;
      const before = row.line === null ? null : row.value;
      tell({
        title: t('settings.saved', { name: label, value: shown(value ?? row.usual) }),
        ...(!isUndoing && { undo: () => void save(before, now, true) }),
      });
      return true;
    } catch (error) {
      if (error instanceof ApiError) setRefused({ at: row.key, message: error.message, hint: error.hint ?? '' });
      else tellFailure(error);
      return false;
    }
  };
  const field = { id, label, row, disabled, isWrong: fault !== null, onSave: save, onEdit: () => setRefused(null) };
  return (
    <div className="grid gap-x-6 gap-y-2 px-4 py-3 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center">
      <div className="min-w-0">
        {row.kind === 'choice' || row.kind === 'choices' ? (
          <p className="text-sm font-medium">{label}</p>
        ) : (
          <label htmlFor={id} className="text-sm font-medium">
            {label}
          </label>
        )}
        <p id={`${id}-hint`} className="text-xs text-ink-3">
          {t(`settings.hint.${name}`)}
        </p>
      </div>
      <div className="flex min-w-0 flex-wrap items-center gap-2 sm:justify-end">
        <IconButton
          label={t('settings.usual', { name: label, value: shown(row.usual) })}
          disabled={disabled || row.line === null}
          className="disabled:invisible max-sm:order-last max-sm:disabled:hidden"
          onClick={() => void save(null)}
        >
          <RotateCcw className="size-4" aria-hidden />
        </IconButton>
        <Field {...field} />
      </div>
      {fault && (
        <div className="sm:col-span-2">
          <Fault id={`${id}-fault`} message={fault.message} hint={fault.hint} />
        </div>
      )}
    </div>
  );
}

interface FieldProps {
  id: string;
  label: string;
  row: Row;
  disabled: boolean;
  isWrong: boolean;
  onSave: (value: Row['value']) => Promise<boolean>;
  onEdit: () => void;
}

function Field(props: FieldProps) {
  const { t } = useTranslation();
  const { id, label, row, disabled, onSave } = props;
  const { kind, choices, value } = row;
  if (kind === 'choice') {
    const options = choices.map((each) => ({ value: each, label: t(`settings.choice.${each}`) }));
    return (
      <Segments
        label={label}
        value={String(value)}
        options={options}
        disabled={disabled}
        onChange={(next) => void onSave(next)}
      />
    );
  }
  if (kind === 'choices') {
    const chosen = Array.isArray(value) ? value : [];
    return (
      <fieldset aria-label={label} id={id} className="flex flex-wrap gap-x-5 gap-y-2">
        {choices.map((each) => (
          <Check
            key={each}
            checked={chosen.includes(each)}
            disabled={disabled}
            onChange={(on) => void onSave(choices.filter((one) => (one === each ? on : chosen.includes(one))))}
          >
            {t(`settings.choice.${each}`)}
          </Check>
        ))}
      </fieldset>
    );
  }
  return <TextField {...props} />;
}

/** What is typed stays until it is saved, or given up. */
function TextField({ id, row, disabled, isWrong, onSave, onEdit }: FieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const inFile = row.value === null ? '' : String(row.value);
  const commit = async () => {
    const text = typed?.trim() ?? inFile;
    if (text === inFile) return setTyped(null);
    // What is no number is told by whoever reads the file, as it is of the file.
    const number = row.kind === 'number' ? Number(text.replace(',', '.')) : Number.NaN;
    const value = text === '' ? null : Number.isNaN(number) ? text : number;
    if (await onSave(value)) setTyped(null);
  };
  return (
    <TextInput
      id={id}
      value={typed ?? inFile}
      disabled={disabled}
      inputMode={row.kind === 'number' ? 'decimal' : 'text'}
      placeholder={row.kind === 'number' ? t('settings.notSet') : undefined}
      aria-invalid={isWrong || undefined}
      aria-describedby={isWrong ? `${id}-hint ${id}-fault` : `${id}-hint`}
      className="w-32 text-right tabular-nums"
      onChange={(event) => {
        setTyped(event.target.value);
        onEdit();
      }}
      onBlur={() => void commit()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void commit();
        if (event.key === 'Escape') {
          setTyped(null);
          onEdit();
        }
      }}
    />
  );
}

function valueText(value: Row['value'], t: (key: string) => string): string {
  if (value === null || value === '') return t('settings.notSet');
  if (!Array.isArray(value)) return String(value);
  return value.length === 0 ? t('settings.nothing') : value.map((each) => t(`settings.choice.${each}`)).join(', ');
}
