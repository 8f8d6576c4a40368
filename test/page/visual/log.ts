/** What the trainer of a plan wrote: colours, warnings and a bar that draws over itself. */
import type { Plan } from './plans.ts';

const grey = (text: string) => `\u001b[2;36m${text}\u001b[0m`;

export function logOf(plan: Plan): string {
  const lines = [
    `${grey('2026-05-01 09:00:00')} \u001b[34mINFO\u001b[0m     prepare tokenizer`,
    `${grey('                    ')} \u001b[34mINFO\u001b[0m     Using DreamBooth method.`,
    `${grey('                    ')} \u001b[34mINFO\u001b[0m     found directory 2_grey wolf contains 8 image files`,
    `${grey('                    ')} \u001b[33mWARNING\u001b[0m  No caption file found for 1 image. Training will continue`,
    'loading u-net: <All keys matched successfully>',
    'create LoRA network. base dim (rank): 16, alpha: 8',
    'running training',
    `  num train images * repeats: 16\n  num epochs: 25\n  total optimization steps: ${plan.total}`,
  ];
  for (let step = 1; step <= plan.reached; step += Math.max(1, Math.round(plan.total / 40))) {
    lines.push(bar(plan, step));
    if (plan.sampledAt.includes(step)) lines.push('\ngenerating sample images at step');
  }
  lines.push(bar(plan, plan.reached));
  const ends: Record<Plan['status'], string[]> = {
    succeeded: ['', `save trained model to /training/output/${plan.name}.safetensors`, 'model saved.'],
    failed: [
      '',
      'Traceback (most recent call last):',
      '  File "/training/sd-scripts/train_network.py", line 1242, in <module>',
      '    trainer.train(args)',
      '\u001b[31mtorch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB\u001b[0m',
    ],
    interrupted: ['', 'KeyboardInterrupt'],
    running: [],
  };
  return `${[...lines, ...ends[plan.status]].join('\n')}\n`;
}

function bar({ total, stepMs, loss }: Plan, step: number): string {
  const clock = (ms: number) =>
    `${String(Math.floor(ms / 60_000)).padStart(2, '0')}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;
  const share = step / total;
  const done = '█'.repeat(Math.round(20 * share)).padEnd(20);
  const rate = (1000 / stepMs).toFixed(2);
  const times = `${clock(step * stepMs)}<${clock((total - step) * stepMs)}`;
  return `\rsteps: ${String(Math.round(100 * share)).padStart(3)}%|${done}| ${step}/${total} [${times}, ${rate}it/s, avr_loss=${loss}]`;
}
