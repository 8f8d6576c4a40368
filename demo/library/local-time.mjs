/**
 * A moment in local time, as sd-scripts writes it.
 * @param {Date} [moment]
 * @returns {{ text: string, digits: string, iso: string }} `2026-11-23 21:13:45`, `20261123211345`, `2026-11-23T21:13:45`
 */
export function localTime(moment = new Date()) {
  const two = (/** @type {number} */ part) => String(part).padStart(2, '0');
  const day = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())];
  const time = [two(moment.getHours()), two(moment.getMinutes()), two(moment.getSeconds())];
  return {
    text: `${day.join('-')} ${time.join(':')}`,
    digits: [...day, ...time].join(''),
    iso: `${day.join('-')}T${time.join(':')}`,
  };
}
