import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpoorError } from '../../model/errors.ts';
import { parseQuery } from './parse.ts';
import { parseSort } from './sort.ts';
import { splitTerms } from './terms.ts';
import { parseDuration, parseMoment } from './time.ts';

const now = new Date('2026-05-08T12:00:00Z');
const parse = (query: string) => {
  const condition = parseQuery(query, now);
  return condition.kind === 'all' ? condition.conditions : [];
};
function refusal(work: () => unknown): SpoorError {
  try {
    work();
  } catch (error) {
    if (error instanceof SpoorError) return error;
    throw error;
  }
  return expect.unreachable('it was accepted');
}

describe('a query', () => {
  it('is a list of terms that all must hold', () => {
    expect(parse('status:failed  dataset:Wolf tag:good lr>1e-4 since:7d two "grey Wolf"')).toEqual([
      { kind: 'text', column: 'status', match: 'equals', value: 'failed' },
      { kind: 'text', column: 'dataset', match: 'equals', value: 'wolf' },
      { kind: 'tag', value: 'good' },
      { kind: 'setting', keys: ['learning_rate', 'lr'], operator: '>', number: 1e-4, text: '1e-4' },
      { kind: 'started', operator: '>=', value: '2026-05-01T12:00:00.000Z' },
      { kind: 'words', text: 'two' },
      { kind: 'words', text: 'grey wolf' },
    ]);
    expect(parse('')).toEqual([]);
  });

  it('has quoted values, negations, alternatives and patterns', () => {
    expect(parse('name:"a b",c -tag:bad model:no*b reason:none reason:"none"')).toEqual([
      {
        kind: 'any',
        conditions: [
          { kind: 'text', column: 'name', match: 'contains', value: 'a b' },
          { kind: 'text', column: 'name', match: 'contains', value: 'c' },
        ],
      },
      { kind: 'not', condition: { kind: 'tag', value: 'bad' } },
      { kind: 'text', column: 'model', match: 'pattern', value: 'no*b' },
      { kind: 'absent', column: 'reason' },
      { kind: 'text', column: 'reason', match: 'contains', value: 'none' },
    ]);
  });

  it('compares settings of any name, and numbers of a run with their units', () => {
    expect(parse('network_args.conv_dim>=8 duration>1.5h optimizer=AdamW')).toEqual([
      { kind: 'setting', keys: ['network_args.conv_dim'], operator: '>=', number: 8, text: '8' },
      { kind: 'number', column: 'duration', operator: '>', value: 5400 },
      { kind: 'setting', keys: ['optimizer_type', 'optimizer'], operator: '=', number: null, text: 'adamw' },
    ]);
  });

  it('with an unknown field is refused with the nearest and the list', () => {
    const error = refusal(() => parse('ok statsu:failed'));
    expect(error).toMatchObject({ kind: 'usage', message: 'in "statsu:failed": there is no field "statsu"' });
    expect(error.hint).toContain('Did you mean status');
    expect(error.hint).toContain('tag, since, before');
  });

  it.each([
    ['status:broken', 'It is one of running, succeeded, failed, interrupted, lost.'],
    ['name:"open', 'Add the missing "'],
    ['status:', 'has no value'],
    ['status>1', 'cannot be compared'],
    ['lr>high', 'is no number'],
    ['loss>', 'has no value'],
    ['since:soon', 'is no moment'],
    ['since:2026-02-30', 'is no moment'],
    ['since>7d', 'takes a colon'],
  ])('like %s is refused with the remedy', (query, expected) => {
    const error = refusal(() => parse(query));
    expect(error.kind).toBe('usage');
    expect(`${error.message} ${error.hint}`).toContain(expected);
  });

  it('is either understood or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'astu:lr>=<!-"*, \n1e7d.[]ä\ud800\0') }), (query) => {
        try {
          expect(parseQuery(query, now).kind).toBe('all');
        } catch (error) {
          expect(error).toBeInstanceOf(SpoorError);
          expect(error).toMatchObject({ kind: 'usage' });
        }
      }),
    );
  });

  it('keeps quoted text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, field) => {
        fc.pre(!text.includes('"'));
        const [term, ...more] = splitTerms(`${field ? 'name:' : ''}"${text}" `);
        expect(more).toEqual([]);
        expect(term?.values).toEqual([{ text, quoted: true }]);
      }),
    );
  });
});

describe('moments', () => {
  it('are read as people write them', () => {
    expect(parseMoment('2026-05-01T10:00:00Z', now)).toBe('2026-05-01T10:00:00.000Z');
    expect(parseMoment('2026-05-01', now)).toBe(new Date(2026, 4, 1).toISOString());
    expect(parseMoment('2026-05', now)).toBe(new Date(2026, 4, 1).toISOString());
    expect(parseMoment('yesterday', now)).toBe(new Date(2026, 4, now.getDate() - 1).toISOString());
    expect(parseMoment('2w', now)).toBe('2026-04-24T12:00:00.000Z');
    expect(parseMoment('9999w', now)).toBe('1970-01-01T00:00:00.000Z');
    expect(parseMoment('1.5', now)).toBeNull();
    expect(parseDuration('90min')).toBe(5400);
  });
});

describe('an order', () => {
  it('is a key, reversed by a minus', () => {
    expect(parseSort('-loss')).toEqual({ by: 'loss', descending: true });
    expect(parseSort('name')).toEqual({ by: 'name', descending: false });
    expect(refusal(() => parseSort('-los')).hint).toContain('Did you mean loss?');
  });
});
