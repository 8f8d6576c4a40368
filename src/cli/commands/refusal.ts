import { SpoorError } from '../../model/errors.ts';
import { visible } from '../text.ts';

/** The error of `--strict`, with every reason. */
export function refusal(reasons: readonly string[]): SpoorError {
  const list = reasons.map((reason) => `\n  - ${visible(reason)}`).join('');
  return new SpoorError(
    'refused',
    'strict',
    `--strict refuses to start:${list}`,
    'Mend these, or leave --strict away.',
  );
}
