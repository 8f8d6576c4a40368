import type { CheckSubject, Finding } from '../../trainer.ts';

/**
 * Images without a caption. sd-scripts trains them on their class tokens, or on an empty caption.
 * Regularisation images usually have none; where captions stand there with another extension, the
 * capture has told it.
 */
export function captionChecks({ dataset, warnings }: CheckSubject): Finding[] {
  if (dataset === null || warnings.some(({ code }) => code === 'captions-not-read')) return [];
  const { roots, images, captions } = dataset;
  if (roots.some(({ kind, captionExtension }) => kind !== 'train' || !captionExtension)) return [];
  const missing = images - captions;
  if (missing <= 0) return [];
  const hasTokens = roots.every((root) => root.classTokens || root.folders?.every(({ classTokens }) => classTokens));
  const message = `${missing} of ${images} images have no caption: ${hasTokens ? 'they are trained on their class tokens' : 'they are trained on an empty text'}`;
  const extension = [...new Set(roots.map(({ captionExtension }) => captionExtension))].join(' or ');
  const hint = `sd-scripts looks for files ending in ${extension} beside the images.`;
  // Nothing but class tokens is DreamBooth as it was meant.
  const severity = captions === 0 && hasTokens ? 'note' : 'warning';
  return [{ severity, code: 'captions-missing', message, hint }];
}
