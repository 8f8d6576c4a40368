import type { Change } from './change.ts';

const areas: readonly Change['area'][] = [
  'arguments',
  'dataset',
  'model',
  'code',
  'config',
  'hardware',
  'environment',
  'prompts',
  'script',
];

/** What people look for first when a training turns out otherwise. */
const keys: readonly RegExp[] = [
  /(?:^|_)(?:lr|learning_rate)$/,
  /^network_(?:module|dim|alpha)$|^network_args\.(?:algo|conv_dim|conv_alpha)$/,
  /^optimizer_(?:type|args)/,
  /^lr_/,
  /^max_train_|^(?:train_)?batch_size$|num_repeats$|resolution$/,
];

/** Packages that compute. */
const computing = /^(?:torch|diffusers|transformers|accelerate|xformers|bitsandbytes|lycoris-lora|python|cuda)$/;

/** Orders changes: those of effect before the others, what is known before what is not, then by area and subject. */
export function byImportance(a: Change, b: Change): number {
  const [left, right] = [nameOf(a), nameOf(b)];
  return rank(a) - rank(b) || (left < right ? -1 : Number(left > right));
}

/** Commits of a repository stay in git's order: their hashes have none. */
function nameOf({ area, subject, partOf }: Change): string {
  return area === 'code' && partOf !== null && subject.startsWith(`${partOf}@`) ? `${partOf}@` : subject;
}

function rank({ effective, kind, area, subject }: Change): number {
  return (effective ? 0 : 10_000) + (kind === 'unknown' ? 1_000 : 0) + areas.indexOf(area) * 20 + within(area, subject);
}

/** Orders settings as changes of them are ordered. */
export function byKey(a: string, b: string): number {
  return within('arguments', a) - within('arguments', b) || (a < b ? -1 : Number(a > b));
}

function within(area: Change['area'], subject: string): number {
  if (area === 'environment') return computing.test(subject) ? 0 : 1;
  const place = keys.findIndex((each) => each.test(subject));
  return place < 0 ? keys.length : place;
}
