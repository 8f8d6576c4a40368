import type { Run } from '../../model/run.ts';
import { code } from './run-page/code.ts';
import { environment } from './run-page/environment.ts';
import { happened } from './run-page/happened.ts';
import { header, notes, series, warnings } from './run-page/header.ts';
import { dataset, files } from './run-page/inputs.ts';
import { machine } from './run-page/machine.ts';
import { made } from './run-page/made.ts';
import { Page, type PageOptions } from './run-page/page.ts';
import { settings } from './run-page/settings.ts';

/** One run on one page: what it was, how it ended and why, what made it, what it made. */
export function runPage(run: Run, options: PageOptions): string[] {
  const page = new Page(options);
  header(page, run);
  page.section('Warnings', warnings(page, run));
  page.section('Happened', happened(page, run));
  page.section('Notes', notes(page, run));
  page.section('Settings', settings(page, run));
  page.section('Code', code(page, run));
  page.section('Files', files(page, run));
  page.section('Dataset', dataset(page, run));
  page.section('Environment', environment(page, run));
  page.section('Machine', machine(page, run));
  page.section('Values', series(page, run));
  page.section('Made', made(page, run));
  return page.lines;
}
