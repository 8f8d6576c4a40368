import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { trainerFor } from './registry.ts';
import { seeThrough } from './see-through.ts';

const see = (line: string) => seeThrough(line.split(' '), '/lora');

describe('seeing through', () => {
  test.each([
    'python train_network.py --lr 1',
    'python3.10 -u -X utf8 -Wignore train_network.py --lr 1',
    '/opt/venv/bin/python -B -- train_network.py --lr 1',
    'pythonw.exe train_network.py --lr 1',
    'py -3.10 train_network.py --lr 1',
    'accelerate launch --num_cpu_threads_per_process=2 train_network.py --lr 1',
    'accelerate launch --mixed-precision bf16 --multi_gpu --gpu_ids 0,1 --fsdp_new_option 3 train_network.py --lr 1',
    'accelerate-launch --quiet train_network.py --lr 1',
    'python -m accelerate.commands.launch --num_processes 1 train_network.py --lr 1',
    'python /opt/venv/bin/accelerate launch train_network.py --lr 1',
    'accelerate launch --no_python python train_network.py --lr 1',
    'torchrun --nproc_per_node 2 --standalone train_network.py --lr 1',
    'torchrun --nproc-per-node=2 -t 3 train_network.py --lr 1',
    'python -m torch.distributed.launch --nproc_per_node=2 train_network.py --lr 1',
    'deepspeed --num_gpus=1 -i localhost:0 train_network.py --lr 1',
    'conda run -n sd --no-capture-output python train_network.py --lr 1',
    'conda run --live-stream -p /opt/sd --cwd /work python train_network.py --lr 1',
    'micromamba run -n sd -e A=b python train_network.py --lr 1',
    'uv run --with foo --no-sync train_network.py --lr 1',
    'uv run -- python train_network.py --lr 1',
    'poetry -C /work run python train_network.py --lr 1',
    'env -u X A=b python train_network.py --lr 1',
    'env -S python train_network.py --lr 1',
    'nohup nice -n 10 ionice -c2 -n 7 taskset -c 0-3 time -p stdbuf -oL setsid python train_network.py --lr 1',
    'nice -5 timeout -k 5 1h python train_network.py --lr 1',
    'xvfb-run -a python train_network.py --lr 1',
    './train_network.py --lr 1',
  ])('%s', (line) => {
    const invocation = see(line);
    expect(invocation.script?.replace('./', '')).toBe('train_network.py');
    expect(invocation.arguments).toEqual(['--lr', '1']);
    expect(trainerFor(invocation).id).toBe('sd-scripts');
  });

  test('keeps each layer with its own arguments, outermost first', () => {
    expect(see('nohup env A=b accelerate launch --num_processes 2 train_network.py --x').wrappers).toEqual([
      { name: 'nohup', arguments: [] },
      { name: 'env', arguments: ['A=b'] },
      { name: 'accelerate', arguments: ['launch', '--num_processes', '2'] },
    ]);
  });

  test('follows directories, variables and environments', () => {
    const invocation = see('env -i -C sub HOME=/h conda run -n sd --cwd deep python x.py');
    expect(invocation).toMatchObject({
      cwd: '/lora/sub/deep',
      variables: { HOME: '/h' },
      clearedEnvironment: true,
      condaEnvironment: 'sd',
      interpreter: 'python',
    });
    expect(see('uv --directory /p run --project q -m mod').projectEnvironment).toEqual({
      tool: 'uv',
      directory: '/p/q',
    });
  });

  test("reads accelerate's options by their long names", () => {
    const invocation = see('/v/bin/accelerate launch --mixed-precision=bf16 --config_file a.yaml --multi_gpu t.py');
    expect(invocation.accelerate).toEqual({
      options: { mixed_precision: 'bf16', config_file: 'a.yaml', multi_gpu: true },
      configFile: 'a.yaml',
    });
    expect(invocation.program).toBe('/v/bin/accelerate');
  });

  test('tells a module from a script', () => {
    expect(see('python -um pkg.train_network --a')).toMatchObject({
      script: null,
      module: 'pkg.train_network',
      arguments: ['--a'],
    });
    expect(see('accelerate launch -m pkg.train_network --a')).toMatchObject({
      module: 'pkg.train_network',
      arguments: ['--a'],
    });
  });

  test('reads a row of simple shell commands and no more', () => {
    const row = seeThrough(['bash', '-c', 'cd sub && A=\'b c\' exec python train_network.py --x "y z"'], '/lora');
    expect(row).toMatchObject({
      cwd: '/lora/sub',
      variables: { A: 'b c' },
      script: 'train_network.py',
      arguments: ['--x', 'y z'],
    });
    for (const line of ['python $SCRIPT', 'python x.py | tee log', 'source a; python x.py', 'python x.py > log']) {
      expect(seeThrough(['bash', '-c', line], '/lora').script).toBeNull();
    }
  });

  test.each(['sudo python x.py', 'bash train.sh', 'accelerate launch --unheard x.py', 'true', 'python'])(
    'does not guess at %s',
    (line) => {
      const invocation = see(line);
      expect(invocation.script).toBeNull();
      expect(invocation.argv).toEqual(line.split(' '));
    },
  );

  test('reads Windows paths as text', () => {
    const invocation = seeThrough(['C:\\Py\\python.exe', 'D:\\sd-scripts\\train_network.py', '--x'], 'D:\\work');
    expect(trainerFor(invocation).id).toBe('sd-scripts');
  });

  test('tells the bundled demonstration from the real one', () => {
    expect(trainerFor(see('node --no-warnings demo/train_network.mjs --config_file=a')).id).toBe('spoor-demo');
  });

  test.each([
    ['accelerate launch src/musubi_tuner/hv_train_network.py', 'musubi-tuner'],
    ['python /home/lab/ai-toolkit/run.py a.yaml', 'ai-toolkit'],
    ['llamafactory-cli train a.yaml', 'llama-factory'],
    ['python -m axolotl.cli.train a.yaml', 'axolotl'],
    ['simpletuner train', 'simpletuner'],
    ['true', 'generic'],
  ])('%s is %s', (line, id) => {
    expect(trainerFor(see(line)).id).toBe(id);
  });

  test('never throws and never loses a word, whatever the command', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'env',
        'nice',
        '-n',
        'python',
        '-m',
        'accelerate',
        'launch',
        'uv',
        'run',
        'conda',
        '--',
        '-',
        'A=b',
        'x.py',
        'sh',
        '-c',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (argv) => {
        const invocation = seeThrough(argv, '/lora');
        expect(invocation.argv).toEqual(argv);
        if (invocation.arguments.length > 0 && !argv.includes('sh') && !argv.some((each) => each.startsWith('-S'))) {
          expect(argv.slice(-invocation.arguments.length)).toEqual(invocation.arguments);
        }
      }),
    );
  });
});
