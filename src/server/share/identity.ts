/** Who a record tells of: machines, people, addresses of their repositories. Read from the record before it is cleansed. */

export interface Identity {
  /** Directory of who shares. */
  userHome: string;
  /** Names of machines. */
  hosts: ReadonlySet<string>;
  /** Names of accounts. */
  users: ReadonlySet<string>;
  /** What tells one boot or one device from every other. */
  marks: ReadonlySet<string>;
  /** Of repositories that are not of a published trainer. */
  addresses: ReadonlySet<string>;
}

/** Keys whose text names a machine, or its user. */
const hostKeys = new Set(['host', 'HOST', 'HOSTNAME', 'COMPUTERNAME']);
const userKeys = new Set(['USER', 'LOGNAME', 'USERNAME']);
const otherKeys = new Set(['HOME', 'USERPROFILE', 'SSH_CONNECTION', 'SSH_CLIENT', 'MASTER_ADDR']);
/** Keys of what tells one process, boot or device from every other. */
const markKeys = new Set(['bootId', 'uuid', 'pidNamespace', 'startTicks', 'pid']);
export const addressKeys = new Set(['remote', 'url', 'origin']);

export const isNaming = (key: string) => hostKeys.has(key) || userKeys.has(key) || otherKeys.has(key);
export const isMark = (key: string) => markKeys.has(key);

/** Accounts that are no person's. */
const anyone = new Set(
  'root user users admin administrator default public shared ubuntu debian runner jovyan git home workspace data'.split(
    ' ',
  ),
);

/** Accounts under which trainers and their libraries are published. */
const publishers = new Set(
  `kohya-ss kohakublueleaf bmaltais ostris nerogar tdrussell bghira huggingface modelscope pytorch derrian-distro akegarasu
  modelscope-community lodestone-rock spacepxl`.split(/\s+/),
);

const publicHost = /^(?:https?|ssh|git):\/\/(?:www\.)?(?:github\.com|gitlab\.com|huggingface\.co)\/([\w.-]+)\//;

/** An address as a URL without a user: `git@github.com:a/b.git` is `ssh://github.com/a/b.git`. */
function asUrl(address: string): string {
  const short = /^(?:[^\s@/]{1,100}@)?([\w.-]{1,200}):(?!\/)(.*)$/s.exec(address);
  if (short) return `ssh://${short[1]}/${short[2]}`;
  return address.replace(/^git\+/, '').replace(/^(\w{1,10}:\/\/)[^/@\s]{0,500}@/, '$1');
}

/** The address of a published trainer or library, without a user; null of any other, which tells of who uses it. */
export function publishedAddress(address: string): string | null {
  const url = asUrl(address);
  return publishers.has(publicHost.exec(url)?.[1]?.toLowerCase() ?? '') ? url : null;
}

/** Its ways of being written, and the account that it is of. */
function spellings(address: string): { texts: string[]; owner: string | null } {
  const url = asUrl(address);
  const [, host = '', path = ''] = /^\w{1,10}:\/\/([^/\s]{1,200})\/(\S{1,500})$/.exec(url) ?? [];
  const bare = path.replace(/@[0-9a-f]{7,64}$/, '').replace(/\.git$/, '');
  if (bare === '') return { texts: [address], owner: null };
  const texts = [address, url, `${host}/${bare}`, `${host}:${bare}`];
  return { texts, owner: bare.includes('/') ? (bare.split('/')[0] ?? null) : null };
}

/** A path's separator, as it stands in a path, in a string with escapes, or in an address. */
const slash = String.raw`(?:[\\/]{1,4}|%2F|%5C)`;
const first = String.raw`(?<=^|[^\w.~-]|%[0-9A-F]{2})(?:\\{0,3}/|\\{1,4}|%2F)`;
const word = String.raw`[^\\/\s"'${'`'}:,;()[\]{}<>|%]{1,100}`;
const spaced = String.raw`[^\\/"'${'`'}:,;()[\]{}<>|%\n]{1,60}`;
const drive = `(?:mnt${slash}|cygdrive${slash})?[a-z]${slash}Users`;
const distribution = String.raw`wsl(?:\$|\.localhost)${slash}[\w.-]{1,60}${slash}home`;
/** Homes of people on Linux, macOS, Windows and WSL, with the account. On Windows it may have a space, where the path goes on. */
export const homes = new RegExp(
  `${first}(?:(?:var${slash})?home|Users|${drive}|${distribution})${slash}(${word})|` +
    `(?<![a-z])[a-z](?::|%3A)${slash}(?:Users|Documents and Settings)${slash}(${spaced}(?=${slash})|${word})`,
  'gi',
);
/** Name of an event file: when, where, process, number. */
export const eventFile =
  /(tfevents\.\d{1,20}\.)([\w-]{1,200}(?:\.[\w-]{1,200}){0,20}?)((?:\.\d{1,10}){0,2})(\.v2)?(?![\w-]|\.[\w-])/g;

export function identityIn(documents: Iterable<unknown>, host: string, userHome: string): Identity {
  const hosts = new Set([host]);
  const users = new Set([userHome.split(/[\\/]/).at(-1) ?? '']);
  const marks = new Set<string>();
  const addresses = new Set<string>();
  const text = (value: string, key: string) => {
    if (hostKeys.has(key)) hosts.add(value);
    if (userKeys.has(key)) users.add(value);
    if (key === 'bootId' || key === 'uuid') marks.add(value);
    if (addressKeys.has(key) && /[:/]/.test(value) && publishedAddress(value) === null) {
      const { texts, owner } = spellings(value);
      for (const each of texts) addresses.add(each);
      if (owner !== null) users.add(owner);
    }
    for (const [, posix, windows] of value.matchAll(homes)) users.add(posix ?? windows ?? '');
    for (const [, , where = ''] of value.matchAll(eventFile)) hosts.add(where);
  };
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string') text(value, key);
    else if (Array.isArray(value)) for (const each of value) walk(each, key);
    else if (typeof value === 'object' && value !== null)
      for (const [name, each] of Object.entries(value)) walk(each, name);
  };
  for (const document of documents) walk(document, '');
  const named = (names: Set<string>) => new Set([...names].filter((name) => name !== '' && name !== 'localhost'));
  const people = [...named(users)].filter((name) => !anyone.has(name.toLowerCase()));
  return { userHome, hosts: named(hosts), users: new Set(people), marks: named(marks), addresses };
}
