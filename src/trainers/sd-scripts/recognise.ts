import type { Invocation } from '../trainer.ts';
import { baseName } from '../wrappers/step.ts';
import type { Option, OptionTable } from './option.ts';
import { commonOptions } from './options-common.ts';
import { specialOptions } from './options-special.ts';
import { type Script, scripts } from './scripts.ts';

/** The training script an invocation names, by base name or by the last part of its module; null for others. */
export function scriptOf(invocation: Invocation): Script | null {
  const name = invocation.module?.split('.').at(-1) ?? scriptName(invocation.script);
  return scripts.find((script) => script === name) ?? null;
}

function scriptName(script: string | null): string | null {
  return script === null ? null : baseName(script).replace(/\.(?:pyw?|mjs|cjs|js)$/i, '');
}

/** What the bundled demonstration's trainer has besides: how long a step takes, and a fault to show. */
const demoOptions: OptionTable = {
  demo_delay: { type: 'float', default: 0, naming: true },
  demo_fault: { type: 'string' },
};

/** The options of the script that an invocation names. */
export function optionsFor(invocation: Invocation, script: Script): ReadonlyMap<string, Option> {
  const options = optionsOf(script);
  return isDemo(invocation) ? new Map([...options, ...Object.entries(demoOptions)]) : options;
}

/** The demonstration's trainer runs on Node. */
export function isDemo({ script }: Invocation): boolean {
  return script !== null && /\.(?:mjs|cjs|js)$/i.test(script);
}

/** The options of a script by name, in the order of the tables. */
export function optionsOf(script: Script): ReadonlyMap<string, Option> {
  let options = known.get(script);
  if (options === undefined) {
    options = new Map(Object.entries(commonOptions));
    for (const special of specialOptions) {
      if (!special.scripts.includes(script)) continue;
      for (const [name, option] of Object.entries(special.options)) options.set(name, option);
    }
    known.set(script, options);
  }
  return options;
}
const known = new Map<Script, Map<string, Option>>();

/** Scripts that have an option of this name. */
export function scriptsWith(name: string): readonly Script[] {
  return specialOptions.flatMap((special) => (Object.hasOwn(special.options, name) ? special.scripts : []));
}
