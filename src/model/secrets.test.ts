import { createHash } from 'node:crypto';
import fc from 'fast-check';
import * as toml from 'smol-toml';
import { describe, expect, test } from 'vitest';
import * as yaml from 'yaml';
import {
  isSecretKey,
  likelySecretIn,
  looksSecret,
  redactArguments,
  redactedText,
  redactText,
  redactValue,
  stripCredentials,
} from './secrets.ts';

const body = 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2dF4g';
const hubToken = `hf_${body}`;
const commit = '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c';

describe('keys', () => {
  test.each([
    'wandb_api_key',
    'WANDB_API_KEY',
    'huggingface_token',
    'HF_TOKEN',
    'HUGGING_FACE_HUB_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'OPENAI_API_KEY',
    'GITHUB_TOKEN',
    'CIVITAI_API_TOKEN',
    'password',
    'api-key',
    'apiKey',
    'monitoring.wandb_api_key',
  ])('%s is a secret', (key) => expect(isSecretKey(key)).toBe(true));

  test.each([
    'keep_tokens',
    'max_token_length',
    'class_tokens',
    'token_warmup_step',
    'token_warmup_min',
    'keep_tokens_separator',
    'token_string',
    'num_vectors_per_token',
    'token',
    'tokenizer_cache_dir',
    'TOKENIZERS_PARALLELISM',
    'wandb_run_name',
    'key',
    '',
    'api_key.path',
  ])('%s is a setting', (key) => expect(isSecretKey(key)).toBe(false));
});

describe('file names', () => {
  test.each([
    '.env',
    '.env.local',
    '.envrc',
    'prod.env',
    'id_rsa',
    'id_ed25519',
    'server.pem',
    'tls.key',
    'secrets.json',
    '.netrc',
    '.git-credentials',
    'config/credentials.json',
    'SECRETS.JSON',
  ])('%s looks secret', (name) => expect(looksSecret(name)).toBe(true));

  test.each([
    '.env.example',
    '.env.sample',
    'id_rsa.pub',
    'environment.yml',
    'keyboard.txt',
    'tokenizer.json',
    'secrets.ts',
    'config.toml',
    'cat.txt',
    '.environment',
  ])('%s does not', (name) => expect(looksSecret(name)).toBe(false));
});

describe('shapes', () => {
  test.each([
    [hubToken, 'huggingface-token'],
    [`x = "ghp_${body}Ab"`, 'github-token'],
    [`github_pat_${body}${body}`, 'github-token'],
    ['AKIAQ3EGR5T7YU2IOPAS', 'aws-access-key'],
    [`sk-proj-${body}_x`, 'openai-key'],
    [`sk-${body}${body.slice(0, 14)}`, 'openai-key'],
    [`glpat-${body}`, 'gitlab-token'],
    [`xoxb-1234-${body}`, 'slack-token'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNza', 'private-key'],
    ['-----BEGIN PRIVATE KEY-----', 'private-key'],
    [`wandb_api_key = "${commit}"`, 'wandb-key'],
    [`export WANDB_API_KEY=${commit}`, 'wandb-key'],
    [`wandb login ${commit}`, 'wandb-key'],
    [`wandb.login(key="${commit}")`, 'wandb-key'],
  ])('%s', (text, kind) => expect(likelySecretIn(text)).toBe(kind));

  test.each([
    commit,
    `commit ${commit}\nwandb is used`,
    `hf_${'x'.repeat(34)}`,
    'AKIAIOSFODNN7EXAMPLE',
    'hf_hub_download_with_retries_and_more',
    'class="sk-toggleable__label sk-estimator"',
    '-----BEGIN PUBLIC KEY-----',
    'https://example.org/cats?x=1',
    '',
  ])('%s is nothing of the kind', (text) => expect(likelySecretIn(text)).toBe(null));

  test('the first of several is named', () => {
    expect(likelySecretIn(`glpat-${body} then ${hubToken}`)).toBe('gitlab-token');
  });
});

describe('command lines', () => {
  const redact = (...argv: string[]) => redactArguments(argv);

  test('values of secret options are replaced in each way they can be written', () => {
    expect(redact('--wandb_api_key', 'abc', '--seed', '1')).toEqual({
      argv: ['--wandb_api_key', redactedText('abc'), '--seed', '1'],
      redacted: ['wandb_api_key'],
    });
    expect(redact('--wandb-api-key=abc').argv).toEqual([`--wandb-api-key=${redactedText('abc')}`]);
    expect(redact('env', 'HF_TOKEN=x', 'python').argv).toEqual(['env', `HF_TOKEN=${redactedText('x')}`, 'python']);
    expect(redact('trainer.api_key=abc').redacted).toEqual(['trainer.api_key']);
  });

  test('an abbreviation that argparse takes for one option only is that option', () => {
    expect(redact('--wandb_a', 'abc', '--huggingface_tok=d').redacted).toEqual(['wandb_api_key', 'huggingface_token']);
    expect(redact('--wandb_', 'abc', '--huggingface_', 'd').redacted).toEqual([]);
  });

  test('settings with token in their name stay', () => {
    const argv = ['--keep_tokens=1', '--max_token_length', '225', '--class_tokens', 'a cat', '--token_warmup_step=2'];
    expect(redact(...argv)).toEqual({ argv, redacted: [] });
  });

  test('an option without value swallows nothing', () => {
    const argv = ['--password', '--seed', '1', '--api_key=', '--hf_token', ''];
    expect(redact(...argv)).toEqual({ argv, redacted: [] });
  });

  test('tokens by shape and passwords in URLs go, wherever they stand', () => {
    expect(redact('--x', hubToken, 'https://cat:miau@host/p').argv).toEqual([
      '--x',
      redactedText(hubToken),
      `https://cat:${redactedText('miau')}@host/p`,
    ]);
  });

  test('a script given with -c is read as a script, a variable to its end', () => {
    expect(redact('sh', '-c', 'HF_TOKEN=a python x').argv[2]).toBe(`HF_TOKEN=${redactedText('a')} python x`);
    expect(redact('env', 'HF_TOKEN=a b').argv[1]).toBe(`HF_TOKEN=${redactedText('a b')}`);
  });

  test('no secret survives, whatever it consists of, and doing it twice changes nothing', () => {
    const secret = fc
      .string({ minLength: 6, unit: 'grapheme' })
      .filter((s) => !s.startsWith('-') && s.trim().length > 5);
    fc.assert(
      fc.property(secret, fc.constantFrom('--hf_token', '--wandb_api'), (value, option) => {
        const once = redactArguments([option, value, `${option}=${value}`, `HF_TOKEN=${value}`]);
        expect(once.argv.join('\n')).not.toContain(value);
        expect(redactArguments(once.argv).argv).toEqual(once.argv);
      }),
    );
  });
});

describe('texts', () => {
  const plain = fc.stringMatching(/^[a-zA-Z0-9 _.,:;#'"\\{}[\]=|>&*!%@`/-]{0,40}$/);
  const secretValue = plain.filter((text) => text.trim().length > 8);
  const settings = fc.record({ before: plain, secret: secretValue, after: plain, keep_tokens: fc.nat() });

  const formats = [
    { format: 'toml', write: (v: object) => toml.stringify(v), read: (t: string): unknown => toml.parse(t) },
    {
      format: 'yaml',
      write: (v: object) => yaml.stringify(v, { lineWidth: 0 }),
      read: (t: string): unknown => yaml.parse(t),
    },
    { format: 'json', write: (v: object) => JSON.stringify(v, null, 2), read: (t: string): unknown => JSON.parse(t) },
  ] as const;

  test.each(formats)(
    '$format stays what it was but for the secret, whatever stands in it',
    ({ format, write, read }) => {
      fc.assert(
        fc.property(settings, ({ before, secret, after, keep_tokens }) => {
          const value = { before, nested: { wandb_api_key: secret, after }, keep_tokens };
          fc.pre(JSON.stringify(redactValue('', { before, after })) === JSON.stringify({ before, after }));
          const text = write(value);
          const result = redactText(text, format);
          expect(read(result.text)).toEqual({ ...value, nested: { wandb_api_key: redactedText(secret), after } });
          expect(result.text.split('\n').length).toBe(text.split('\n').length);
          expect(redactText(result.text, format).text).toBe(result.text);
          expect(result.keys).toEqual(['wandb_api_key']);
        }),
        { numRuns: 300 },
      );
    },
  );

  test('comments, order and line numbers of a configuration stay', () => {
    const text = '# cats\r\n[a]\r\nwandb_api_key = "abc" # mine\r\npassword = """\r\nx\r\ny"""\r\nlr = 1e-4\r\n';
    const result = redactText(text, 'toml');
    expect(result.text).toBe(
      `# cats\r\n[a]\r\nwandb_api_key = "${redactedText('abc')}" # mine\r\npassword = """${redactedText('\r\nx\r\ny')}\r\n\r\n"""\r\nlr = 1e-4\r\n`,
    );
    expect(toml.parse(result.text)).toMatchObject({ a: { lr: 1e-4 } });
  });

  test('a secret that was commented out goes too', () => {
    expect(redactText('# hf_token = "abc"\n', 'toml').text).toBe(`# hf_token = "${redactedText('abc')}"\n`);
  });

  test('lists, inline tables and numbers under a secret key go', () => {
    const text = 'x = { api_key = "a]b", seed = 1 }\nsecret = ["u", \'v\']\npassword = 123\n';
    expect(toml.parse(redactText(text, 'toml').text)).toEqual({
      x: { api_key: redactedText('a]b'), seed: 1 },
      secret: [redactedText('u'), redactedText('v')],
      password: redactedText('123'),
    });
  });

  test('YAML in block, folded and flow form', () => {
    const text =
      'a:\n  password: |\n    one\n    two\n  lr: 1\nb: {api_key: x, keep_tokens: 2}\nc:\n  - hf_token: plain word # why\n';
    expect(yaml.parse(redactText(text, 'yaml').text)).toEqual({
      a: { password: redactedText('one\n    two'), lr: 1 },
      b: { api_key: redactedText('x'), keep_tokens: 2 },
      c: [{ hf_token: redactedText('plain word') }],
    });
  });

  test('a shell script: assignments, options over lines, arrays, headers, and no references', () => {
    const script = (a: string, b: string, c: string, d: string) =>
      [
        `export HF_TOKEN=${a}`,
        'hf_token=$HF_TOKEN api_key="$' + '{API_KEY}" password=$(pass show cats) secret=`x`',
        `accelerate launch train.py --wandb_api_key \\`,
        `  ${b} --keep_tokens 1`,
        `args=(`,
        `  --huggingface_token`,
        `  ${c}`,
        `)`,
        `curl -H "Authorization: Bearer ${d}" https://host/`,
        '',
      ].join('\n');
    const quoted = (secret: string) => `'${redactedText(secret)}'`;
    const result = redactText(script('abc', "'d e'", '"f"', 'ghi'), 'shell');
    expect(result.text).toBe(script(quoted('abc'), quoted('d e'), `"${redactedText('f')}"`, redactedText('ghi')));
    expect(result.keys.sort()).toEqual(['HF_TOKEN', 'authorization', 'huggingface_token', 'wandb_api_key']);
  });

  test('a command inside a string of a data file', () => {
    const text = JSON.stringify({
      command: 'HF_TOKEN="abc" python x.py --hub_token def',
      arguments: ['--hf_token', 'ghi'],
    });
    expect(JSON.parse(redactText(text, 'json').text)).toEqual({
      command: `HF_TOKEN="${redactedText('abc')}" python x.py --hub_token ${redactedText('def')}`,
      arguments: ['--hf_token', redactedText('ghi')],
    });
  });

  test('a whole private key goes, its lines stay counted', () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIC\n-----END RSA PRIVATE KEY-----';
    expect(redactText(`a\n${key}\nb`, 'text').text).toBe(`a\n${redactedText(key)}\n\n\nb`);
  });

  test('what holds no secret comes back as it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('toml', 'yaml', 'json', 'shell', 'text'),
        (text, format) => {
          const result = redactText(text, format as 'toml');
          if (result.keys.length === 0) expect(result.text).toBe(text);
        },
      ),
    );
  });

  test.each([
    ['openings without end', 'password="'],
    ['private keys without end', '-----BEGIN PRIVATE KEY-----'],
    ['spaces', 'password          '],
    ['dots', 'a.a.a.'],
    ['tokens', 'hf_aB3dE5gH7jK9'],
    ['addresses', 'https://a:b'],
    ['lists', 'secret=[['],
    ['blocks', 'password: |\n  a\n'],
  ])(
    'half a megabyte of %s takes no more than linear time',
    (_, part) => {
      const text = part.repeat(Math.ceil(500_000 / part.length));
      for (const format of ['toml', 'yaml', 'shell'] as const) redactText(text, format);
      likelySecretIn(text);
    },
    10_000,
  );
});

describe('settings', () => {
  test('a secret becomes the SHA-256 of its text', () => {
    const hash = createHash('sha256').update('abc').digest('hex');
    expect(redactValue('wandb_api_key', 'abc')).toEqual({ redacted: hash });
    expect(redactValue('monitoring', { wandb_api_key: 'abc', keep_tokens: 1 })).toEqual({
      wandb_api_key: { redacted: hash },
      keep_tokens: 1,
    });
    expect(redactValue('secret', ['abc'])).toEqual([{ redacted: hash }]);
  });

  test('flags, nothing, and what is redacted already stay', () => {
    for (const value of [true, false, null, '', { redacted: 'a'.repeat(64) }]) {
      expect(redactValue('use_auth_token', value)).toEqual(value);
    }
  });

  test('a token inside another value goes', () => {
    expect(redactValue('network_args', [`x=${hubToken}`, 'conv_dim=4'])).toEqual([
      `x=${redactedText(hubToken)}`,
      'conv_dim=4',
    ]);
  });
});

describe('addresses', () => {
  test.each([
    ['https://cat:pw@host/a.git', 'https://host/a.git'],
    ['https://token@host/a.git', 'https://host/a.git'],
    ['https://a@b:c@host/x', 'https://host/x'],
    ['git+https://u:p@host/a.git@v1', 'git+https://host/a.git@v1'],
    ['ssh://git@host:22/a', 'ssh://git@host:22/a'],
    ['ssh://git:pw@host/a', 'ssh://git@host/a'],
    ['git@host:cats/wolves.git', 'git@host:cats/wolves.git'],
    ['/srv/a@b', '/srv/a@b'],
    ['https://host/a?access_token=x&b=1#c', 'https://host/a?b=1#c'],
    ['https://host/a?token=x', 'https://host/a'],
    ['https://host/a@b', 'https://host/a@b'],
  ])('%s → %s', (url, stripped) => expect(stripCredentials(url)).toBe(stripped));

  test('no password survives', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9:@.!*-]{3,20}$/);
    fc.assert(
      fc.property(part, (password) => {
        expect(stripCredentials(`https://u:${password}@example.org/x`)).toBe('https://example.org/x');
      }),
    );
  });
});
