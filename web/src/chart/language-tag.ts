/**
 * A browser that runs without a locale may name its language as POSIX does (`C`, `en-US@posix`), which the chart library
 * takes for a tag as it is loaded, and throws. Such a browser speaks English here.
 */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
}

export {};
