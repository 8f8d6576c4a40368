import { useTranslation } from 'react-i18next';

/** The box above those of the rows. */
export function SelectAll({ selected, onSelectAll }: { selected: 'all' | 'some' | 'none'; onSelectAll: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="columnheader" className="absolute inset-y-0 left-0">
      <label className="flex h-full w-11 cursor-pointer items-center justify-center sm:w-12">
        <input
          type="checkbox"
          checked={selected === 'all'}
          ref={(box) => {
            if (box) box.indeterminate = selected === 'some';
          }}
          onChange={onSelectAll}
          aria-label={t('runs.selectAll')}
          className="size-4 accent-accent"
        />
      </label>
    </div>
  );
}
