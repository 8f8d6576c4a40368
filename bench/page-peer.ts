/** Pages without Spoor behind them, which the page is measured against: plain HTML, and uPlot alone. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export type Files = Record<string, { type: string; bytes: Buffer | string }>;

/** Serves these files, and uPlot beside them. @returns its origin */
export async function serveFiles(files: Files): Promise<string> {
  const dist = join(import.meta.dirname, '../node_modules/uplot/dist');
  const all: Files = {
    ...files,
    '/uplot.js': { type: 'text/javascript', bytes: readFileSync(join(dist, 'uPlot.iife.min.js')) },
    '/uplot.css': { type: 'text/css', bytes: readFileSync(join(dist, 'uPlot.min.css')) },
  };
  const server = createServer((request, response) => {
    const found = all[request.url ?? ''];
    response.writeHead(found ? 200 : 404, { 'content-type': found?.type ?? 'text/plain' });
    response.end(found?.bytes ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const html = (body: string): Files[string] => ({
  type: 'text/html',
  bytes: `<!doctype html><meta charset="utf-8">${body}`,
});

/** A table of all rows, as any page could have it. */
export function plainTable(rows: readonly (readonly string[])[]): Files[string] {
  const cells = (row: readonly string[]) => row.map((cell) => `<td>${cell}</td>`).join('');
  const lines = rows.map((row) => `<tr style="height:58px"><td><input type="checkbox"></td>${cells(row)}</tr>`);
  return html(`<table>${lines.join('\n')}</table>`);
}

export const plainPictures = (count: number): Files[string] =>
  html(Array.from({ length: count }, (_, at) => `<img width="96" height="144" src="/picture${at}.png">`).join(''));

/** uPlot with all points of all curves in one chart. */
export const bareChart = (curves: number, points: number): Files[string] =>
  html(`<link rel="stylesheet" href="/uplot.css"><script src="/uplot.js"></script><body><script>
    fetch('/values').then((answer) => answer.arrayBuffer()).then((buffer) => {
      const data = [Float64Array.from({ length: ${points} }, (_, step) => step)];
      for (let each = 0; each < ${curves}; each++) data.push(new Float64Array(buffer, each * ${8 * points}, ${points}));
      const series = data.map((_, at) => (at === 0 ? {} : { stroke: 'hsl(' + at * 37 + ' 60% 50%)' }));
      new uPlot({ width: 580, height: 220, scales: { x: { time: false } }, series }, data, document.body);
    });
  </script>`);
