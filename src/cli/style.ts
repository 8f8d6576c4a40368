import { styleText } from 'node:util';
import type { RunStatus, VerdictValue } from '../model/facts.ts';

/** Colours, or the same functions doing nothing. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  cyan(text: string): string;
}

export function makeStyle(colour: boolean): Style {
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    colour && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    blue: paint('blue'),
    cyan: paint('cyan'),
  };
}

const marks: Record<RunStatus, string> = {
  running: '●',
  succeeded: '✓',
  failed: '✗',
  interrupted: '■',
  lost: '?',
};

/** `✓ succeeded`, in its colour. */
export function statusText(status: RunStatus, style: Style): string {
  return statusColour(status, style)(`${marks[status]} ${status}`);
}

export function statusColour(status: RunStatus, style: Style): (text: string) => string {
  switch (status) {
    case 'running':
      return style.cyan;
    case 'succeeded':
      return style.green;
    case 'failed':
      return style.red;
    case 'interrupted':
    case 'lost':
      return style.yellow;
  }
}

export function verdictColour(verdict: VerdictValue, style: Style): (text: string) => string {
  return verdict === 'worked' ? style.green : verdict === 'failed' ? style.red : style.yellow;
}
