/** What a site says of who made it: paths of homes become `~`, the machine's name goes, and so does what is left out. */

export interface Cleansing {
  userHome: string;
  host: string;
  /** Texts that must not be in the site, wherever they stand: prompts, captions. */
  leftOut: readonly string[];
}

/** Stands where something was left out. */
export const leftOutMark = '[left out]';
/** A shorter text would be found in words that have nothing to do with it. */
const shortest = 4;

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** @returns what cleanses one text */
export function cleanser({ userHome, host, leftOut }: Cleansing): (text: string) => string {
  const home = userHome.length > 1 ? new RegExp(`${escaped(userHome)}(?![\\w.-])`, 'g') : null;
  const events = new RegExp(`(tfevents\\.\\d{1,20}\\.)${escaped(host)}(?![\\w-])`, 'g');
  const address = new RegExp(`(?<=\\w@)${escaped(host)}(?![\\w-])`, 'g');
  // The longest first: one may be a part of another.
  const texts = [...new Set(leftOut.map((text) => text.trim()))]
    .filter(({ length }) => length >= shortest)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const each of texts) if (clean.includes(each)) clean = clean.replaceAll(each, leftOutMark);
    if (home) clean = clean.replace(home, '~');
    // Of machines on which others trained.
    clean = clean.replace(/(?<![\w.~-])\/(?:home|Users)\/[^/\s"'`:,;()[\]{}<>|]{1,100}/g, '~');
    if (host !== '') clean = clean.replace(events, '$1host').replace(address, 'host');
    return clean;
  };
}

/** Keys whose text names a machine or its user. */
const naming = new Set(['host', 'HOST', 'HOSTNAME', 'USER', 'LOGNAME', 'HOME', 'SSH_CONNECTION', 'SSH_CLIENT']);

/** A document with every text of it cleansed. */
export function cleansed(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((each) => cleansed(each, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      clean(key),
      naming.has(key) && typeof each === 'string' ? '' : cleansed(each, clean),
    ]),
  );
}
