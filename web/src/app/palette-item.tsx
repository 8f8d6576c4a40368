import { Command } from 'cmdk';
import type { LucideIcon } from 'lucide-react';

/** A line of the palette. */
export function Item({
  value,
  keywords,
  icon: Icon,
  onSelect,
  children,
}: {
  value: string;
  /** What it is found by beside its value. */
  keywords?: string;
  icon?: LucideIcon;
  onSelect: () => void;
  children: React.ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      {...(keywords ? { keywords: [keywords] } : {})}
      onSelect={onSelect}
      className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2 py-1 text-sm data-[selected=true]:bg-sunken"
    >
      {Icon && <Icon className="size-4 shrink-0 text-ink-3" aria-hidden />}
      {children}
    </Command.Item>
  );
}
