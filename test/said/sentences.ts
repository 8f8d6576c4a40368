/** The sentences that the core can say, read off its source: what an error, a warning, a finding or a change is told by. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parseSync } from 'vite';

interface Node {
  type: string;
  [key: string]: unknown;
}

/** Variables and properties that hold what is told. */
const holders = new Set([
  'message',
  'hint',
  'detail',
  'why',
  'reason',
  'what',
  'where',
  'ignored',
  'said',
  'rest',
  'error',
]);

/** Calls that are given what is told, at these places. */
const tellers: Readonly<Record<string, readonly number[]>> = {
  SpoorError: [2, 3],
  Misfit: [0],
  Error: [0],
  ok: [1, 2],
  note: [1, 2],
  problem: [1, 2],
  broken: [1, 2],
  warning: [1, 2],
  warn: [1, 2, 3],
  bad: [1, 2],
  tell: [3, 4],
  regex: [1],
};

/** What a route does, for docs/api.md. */
const documented = 'summary';

/** A value in a sentence. */
const hole = '{}';
/** Of so many ways to say one sentence all are looked at. */
const mostWays = 64;

/** @returns each sentence with `{}` for its values, by the file that says it, below `directory` */
export function sentencesOf(directory: string, isSpoken: (file: string) => boolean): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const file = relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/');
    if (!entry.isFile() || !/(?<!\.test)\.ts$/.test(file) || !isSpoken(file)) continue;
    for (const sentence of readSentences(file, readFileSync(join(directory, file), 'utf8'))) {
      if (!found.has(sentence)) found.set(sentence, file);
    }
  }
  return found;
}

function readSentences(file: string, source: string): Set<string> {
  const program = parseSync(file, source).program as unknown as Node;
  const known = namedIn(program);
  const found = new Set<string>();
  const take = (value: unknown, isSentence: (text: string) => boolean) => {
    for (const text of waysOf(value as Node, known, 0)) if (text !== hole && isSentence(text)) found.add(text);
  };
  walk(program, (node) => {
    if (node.type === 'Property' && !node.shorthand) {
      const key = String((node.key as Node).name ?? (node.key as Node).value);
      if (key !== documented) take(node.value, holders.has(key) ? hasWords : isLong);
    } else if (node.type === 'VariableDeclarator') {
      take(node.init, holders.has(String((node.id as Node).name)) ? hasWords : isLong);
    } else if (node.type === 'NewExpression' || node.type === 'CallExpression') {
      const callee = node.callee as Node;
      const name = String(callee.name ?? (callee.property as Node | undefined)?.name).replace('#', '');
      const given = node.arguments as Node[];
      for (const at of Object.hasOwn(tellers, name) ? tellers[name]! : []) take(given[at], hasWords);
    } else if (node.type === 'ReturnStatement') take(node.argument, isLong);
    else if (node.type === 'ArrowFunctionExpression') take(node.body, isLong);
    else if (node.type === 'ArrayExpression') for (const each of node.elements as Node[]) take(each, isLong);
  });
  return found;
}

const hasWords = (text: string) => /[a-z]{2}/i.test(text);
/** Elsewhere only what reads as a sentence: names, patterns and code do not. */
const isLong = (text: string) =>
  /^[\w"{][^=<>|;]*[a-z]{2,}/.test(text) && text.replaceAll(hole, '').trim().split(/ +/).length >= 3;

/** Constants and functions of a file by their names, as far as one name stands for one thing. */
function namedIn(program: Node): Map<string, Node> {
  const known = new Map<string, Node>();
  const twice = new Set<string>();
  const keep = (name: string, node: Node) => {
    if (known.has(name)) twice.add(name);
    known.set(name, node);
  };
  walk(program, (node) => {
    if (node.type === 'FunctionDeclaration') keep(String((node.id as Node).name), node);
    if (node.type === 'VariableDeclarator' && node.init) keep(String((node.id as Node).name), node.init as Node);
  });
  for (const name of twice) known.delete(name);
  return known;
}

/** The texts that an expression can be. */
function waysOf(node: Node | null | undefined, known: ReadonlyMap<string, Node>, depth: number): string[] {
  const of = (inner: unknown) => waysOf(inner as Node, known, depth);
  switch (node?.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : node.value === null ? [] : [hole];
    case 'TemplateLiteral':
      return joined(
        (node.quasis as Node[]).flatMap((quasi, at) => {
          const text = [String((quasi.value as { cooked: string }).cooked)];
          const value = (node.expressions as Node[])[at];
          return value === undefined ? [text] : [text, of(value)];
        }),
      );
    case 'BinaryExpression':
      return node.operator === '+' ? joined([of(node.left), of(node.right)]) : [hole];
    case 'ConditionalExpression':
      return [...of(node.consequent), ...of(node.alternate)];
    case 'LogicalExpression':
      return [...of(node.left), ...of(node.right)];
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
      return of(node.expression);
    case 'Identifier': {
      const constant = known.get(String(node.name));
      return constant === undefined || depth > 2 ? [hole] : orHole(waysOf(constant, known, depth + 1));
    }
    case 'CallExpression': {
      const callee = node.callee as Node;
      if (callee.type === 'MemberExpression' && ['slice', 'trim'].includes(String((callee.property as Node).name))) {
        return of(callee.object);
      }
      const called = callee.type === 'Identifier' ? known.get(String(callee.name)) : undefined;
      return called === undefined || depth > 2 ? [hole] : orHole(returnsOf(called, known, depth + 1));
    }
    case 'ArrowFunctionExpression':
      return (node.body as Node).type === 'BlockStatement' ? [hole] : of(node.body);
    default:
      return [hole];
  }
}

const orHole = (ways: readonly string[]) => (ways.length === 0 ? [hole] : [...new Set(ways)]);

function joined(parts: readonly string[][]): string[] {
  return parts.reduce(
    (before, after) => before.flatMap((text) => orHole(after).map((each) => text + each)).slice(0, mostWays),
    [''],
  );
}

function returnsOf(called: Node, known: ReadonlyMap<string, Node>, depth: number): string[] {
  const body = called.body as Node | undefined;
  if (body?.type !== 'BlockStatement') return body === undefined ? [hole] : waysOf(body, known, depth);
  const ways: string[] = [];
  walk(body, (node) => {
    if (node.type === 'ReturnStatement') ways.push(...waysOf(node.argument as Node, known, depth));
  });
  return ways;
}

function walk(node: unknown, see: (node: Node) => void): void {
  if (Array.isArray(node)) for (const each of node) walk(each, see);
  else if (node !== null && typeof node === 'object') {
    if ('type' in node) see(node as Node);
    for (const value of Object.values(node)) if (typeof value === 'object') walk(value, see);
  }
}
