import { defineAnnotating } from './define/annotating.ts';
import { defineChecking } from './define/checking.ts';
import { defineCleaning } from './define/cleaning.ts';
import { defineComparing } from './define/comparing.ts';
import type { Define } from './define/define.ts';
import { defineHelping } from './define/helping.ts';
import { defineKeeping } from './define/keeping.ts';
import { defineLooking } from './define/looking.ts';
import { defineNotifying } from './define/notifying.ts';
import { definePulling } from './define/pulling.ts';
import { defineRecording } from './define/recording.ts';
import { defineRemembering } from './define/remembering.ts';
import { defineRestoring } from './define/restoring.ts';
import { defineServing } from './define/serving.ts';
import { defineShell } from './define/shell.ts';
import { defineStarting } from './define/starting.ts';
import { defineTracing } from './define/tracing.ts';
import { defineWatching } from './define/watching.ts';

/** In the order of the help text. */
export const groups: readonly Define[] = [
  defineRecording, //
  defineChecking,
  defineStarting,
  defineLooking,
  defineWatching,
  defineServing,
  defineComparing,
  defineRemembering,
  defineTracing,
  defineAnnotating,
  defineRestoring,
  defineKeeping,
  defineCleaning,
  definePulling,
  defineShell,
  defineNotifying,
  defineHelping,
];
