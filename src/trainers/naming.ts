import { optionsOf } from './sd-scripts/recognise.ts';

/**
 * Whether a setting only says where files lie, what they are called and what is told meanwhile, as the trainers that are
 * known mean it: what is trained is the same whatever it says.
 */
export const isNaming = (key: string): boolean => optionsOf('train_network').get(key)?.naming === true;
