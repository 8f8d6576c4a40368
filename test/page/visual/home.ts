/**
 * A home that is the same whenever and wherever it is made: fixed ids, times, host, sizes and pictures, so that what the
 * page shows of it can be compared with a picture of before.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fact, Told } from '../../../src/model/facts.ts';
import { makeRunId, type RunId } from '../../../src/model/run-id.ts';
import type { Home } from '../../../src/store/home.ts';
import { MetricsWriter } from '../../../src/store/metrics/metrics-writer.ts';
import { logOf } from './log.ts';
import { drawing, drawingSize } from './pictures.ts';
import { captionsOf, type Plan, plans, promptsOf, settingsOf, told } from './plans.ts';

/** The machine that recorded them. */
export const host = 'lair';
/** When the page is looked at. */
export const now = new Date(Date.UTC(2026, 4, 3, 12));

const idOf = (plan: Plan): RunId => makeRunId(plan.at, new Uint8Array(10).fill(plan.number));

/** @returns the ids, in the order of the plans */
export async function fillHome(home: Home): Promise<RunId[]> {
  const ids: RunId[] = [];
  for (const plan of plans) ids.push(await record(home, plan));
  return ids;
}

async function record(home: Home, plan: Plan): Promise<RunId> {
  const id = idOf(plan);
  const folder = home.runs.create(id);
  let clock = plan.at;
  const stamped = (facts: Told[]) =>
    facts.map((fact) => ({ v: 1, at: new Date(clock++).toISOString(), host, ...fact }) as Fact);
  const put = async (content: string | Uint8Array) => {
    const bytes = Buffer.from(content);
    return { bytes: bytes.length, sha256: (await home.objects.put(bytes)).sha256 };
  };

  const journal = home.runs.openLog(id, 'journal');
  const config = `${settingsOf(plan)
    .map(({ key, value }) => `${key} = ${JSON.stringify(value)}`)
    .join('\n')}\n`;
  journal.appendStamped(
    stamped(
      told.begin(id, plan, {
        config: await put(config),
        prompts: await put(`${promptsOf(plan).join('\n')}\n`),
        manifest: await put(await manifest(home, plan)),
      }),
    ),
  );
  for (const step of plan.sampledAt) {
    clock = plan.at + step * plan.stepMs;
    for (const prompt of promptsOf(plan).keys()) {
      const kept = await put(await drawing({ prompt, sharp: (step / plan.total) * plan.skill, hue: plan.hue }));
      journal.appendStamped(stamped(told.sampled(plan, step, prompt, { ...kept, ...drawingSize })));
    }
    journal.appendStamped(stamped(told.saved(plan, step)));
  }
  clock = plan.at + plan.reached * plan.stepMs + 20_000;
  journal.appendStamped(stamped(told.end(plan)));
  await journal.close();
  clock += 3_600_000;
  const said = home.runs.openLog(id, 'annotations');
  said.appendStamped(stamped(plan.said));
  await said.close();

  writeFileSync(join(folder, 'log'), logOf(plan));
  const metrics = new MetricsWriter(join(folder, 'metrics'), 'events');
  for (let step = 1; step <= plan.reached; step++) {
    const at = (plan.at + step * plan.stepMs) / 1000;
    for (const [tag, value] of curves(plan, step)) metrics.add(tag, 'step', step, at, value);
  }
  metrics.close();
  return id;
}

/** Of a loss that falls with noise on it, and of two rates with a warm-up. */
function curves({ number, total, loss, rate }: Plan, step: number): [string, number][] {
  // A wave that repeats nowhere, in place of chance.
  const noise = Math.sin(step * 12.9898 + number * 78.233) * Math.cos(step * 4.1414);
  const fallen = loss + (0.22 - loss) * Math.exp((-6 * step) / total);
  const warm = Math.min(1, step / (0.1 * total)) * 0.5 * (1 + Math.cos((Math.PI * step) / total));
  return [
    ['loss/current', fallen * (1 + 0.35 * noise)],
    ['loss/average', fallen * (1 + 0.06 * noise)],
    ['lr/unet', rate * warm],
    ['lr/textencoder', (rate / 2) * warm],
  ];
}

/** What the dataset held: pictures of a kind, and captions. */
async function manifest(home: Home, plan: Plan): Promise<string> {
  const lines: string[] = [];
  for (const [index, caption] of captionsOf(plan).entries()) {
    const name = `2_grey wolf/wolf_${String(index + 1).padStart(2, '0')}`;
    const image = await drawing({ prompt: index % 4, sharp: 1, hue: 28 * index });
    const files: [string, string, Uint8Array][] = [
      [`${name}.txt`, 'caption', Buffer.from(caption)],
      [`${name}.webp`, 'image', image],
    ];
    for (const [path, kind, bytes] of files) {
      const { sha256 } = await home.objects.put(bytes);
      lines.push(JSON.stringify({ root: 0, path, kind, bytes: bytes.length, sha256, object: sha256 }));
    }
  }
  return `${lines.join('\n')}\n`;
}
