/** How far a run is, as a thin bar. @param fraction between 0 and 1 */
export function ProgressBar({ fraction, label }: { fraction: number; label: string }) {
  const percent = Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className="h-1 w-full overflow-hidden rounded-full bg-sunken"
    >
      <div className="h-full rounded-full bg-info transition-[width] duration-500" style={{ width: `${percent}%` }} />
    </div>
  );
}
