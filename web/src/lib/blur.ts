/** Samples may show what not everyone in the room should see: blurred until pointed at. */
import { kept } from './kept.ts';

const blurred = kept('spoor.blur', (text) => text === 'true');

export const isBlurred = blurred.get;
export const blurSamples = blurred.set;
export const useBlur = blurred.use;

/** Class of an image that shows what a model made, or learned from: clear while it or what it stands in is pointed at. */
export const blurClass = 'blur-xl transition-[filter] hover:blur-none in-focus-visible:blur-none';
