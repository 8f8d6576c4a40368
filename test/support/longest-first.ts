/**
 * The order of a run's files: those known to be long begin first, so that no processor is idle at its end while one
 * long file goes on. On a fresh clone vitest knows of no durations, and goes by size.
 */
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Longest first; each takes a quarter of a minute or more on two processors. One that is missing begins by its size. */
const long = [
  'test/page/live',
  'test/clean/killed',
  'test/notify/notify',
  'test/page/layout-shift',
  'test/page/shared',
  'test/restore/planted-changes',
  'test/shell/script',
  'test/capture/killed',
  'test/page/imported-pages',
  'test/pull/pull',
  'test/run/killed-at-start',
  'test/page/pages',
  'test/machine/machine',
  'test/page/visual',
  'test/restore/planted',
  'test/capture/arguments',
  'test/page/phone',
  'test/page/settings',
  'test/watch/watch',
  'test/restore/rerun',
  'test/shell/signals',
  'test/shell/functions',
  'test/page/storage',
  'test/diff/planted',
  'test/pull/other-machines',
  'test/metrics/recorded',
  'test/watch-dir/watch-dir',
  'test/clean/leftovers',
  'test/clean/hostile',
  'test/diff/diff',
  'test/clean/after-failure',
  'test/history/history',
  'test/run/transparent',
  'test/artefacts/keep',
  'test/run/home',
  'test/run/many',
  'test/page/list',
  'test/attach/attach',
  'test/demo/training',
  'test/capture/planted',
  'test/artefacts/prune',
  'test/wrap/launchers',
  'test/shell/library',
  'test/check/banner',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) => {
      const at = long.indexOf(relative(project.config.root, moduleId).replace(/\.test\.ts$/, ''));
      return at < 0 ? long.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
