import type { EnvironmentState, PythonPackage } from '../../../model/facts.ts';
import type { Run } from '../../../model/run.ts';
import { plural, size, truncateMiddle, visible } from '../../text.ts';
import type { Page } from './page.ts';

/** Packages whose version people ask for first. */
const tellingPackages =
  /^(?:accelerate|bitsandbytes|deepspeed|diffusers|flash[-_]attn|lycoris[-_]lora|peft|prodigyopt|safetensors|transformers|triton|xformers)$/i;
const fewVariables = 8;

export function environment(page: Page, { environment: found }: Run): string[] {
  if (!found) return [];
  return [...python(page, found), ...machine(page, found), ...variables(page, found)];
}

function python(page: Page, found: EnvironmentState): string[] {
  if (found.python === null && found.packages.length === 0) return [];
  const told = page.all
    ? []
    : found.packages.filter(({ name, editable }) => editable !== null || tellingPackages.test(name));
  return [
    ...page.parts([
      found.python && `Python ${visible(found.python)}`,
      found.conda ? `conda ${visible(found.conda)}` : found.venv && `venv ${page.path(found.venv)}`,
      plural(found.packages.length, 'package'),
      found.torch && `torch ${visible(found.torch)}`,
      found.cuda && `CUDA ${visible(found.cuda)}`,
    ]),
    ...page.parts(told.map((each) => packageText(page, each))).map(page.style.dim),
    ...(page.all ? found.packages.flatMap((each) => page.wrapped(`  ${packageText(page, each)}`, '    ')) : []),
  ];
}

function packageText(page: Page, { name, version, editable, origin }: PythonPackage): string {
  const from = editable ? ` (${page.path(editable)})` : page.all && origin ? ` (${visible(origin)})` : '';
  return `${visible(name)} ${visible(version ?? '?')}${from}`;
}

function machine(page: Page, found: EnvironmentState): string[] {
  return [
    ...page.parts([
      ...found.gpus.map(
        ({ name, memoryBytes }) => `${visible(name)}${memoryBytes === null ? '' : ` ${size(memoryBytes)}`}`,
      ),
      found.driver && `driver ${visible(found.driver)}`,
    ]),
    ...page.parts([
      visible(found.os),
      `${found.cpu.cores} × ${visible(found.cpu.model)}`,
      size(found.memoryBytes),
      found.container && visible(found.container),
    ]),
  ];
}

function variables(page: Page, found: EnvironmentState): string[] {
  const all = Object.entries(found.variables);
  const shown = page.all ? all : all.slice(0, fewVariables);
  const texts = shown.map(([name, value]) => {
    const text = `${visible(name)}=${typeof value === 'string' ? visible(value) : '[redacted]'}`;
    return page.all ? text : truncateMiddle(text, Math.min(60, page.room));
  });
  return [
    ...page.parts(texts),
    ...(shown.length < all.length ? [page.style.dim(`and ${all.length - shown.length} more`)] : []),
  ];
}
