import { expect, test } from 'vitest';
import { Gate } from './gate.ts';

test('a gate lets so many in at once, the others in their order, and sends the rest away', async () => {
  const gate = new Gate(2, 3);
  let inside = 0;
  let most = 0;
  const begun: number[] = [];
  const doors = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const all = doors.map((door, at) =>
    gate.through(async () => {
      begun.push(at);
      most = Math.max(most, ++inside);
      await door.promise;
      inside--;
    }),
  );
  await expect(gate.through(async () => {})).rejects.toMatchObject({ code: 'too-busy' });
  for (const door of doors) door.resolve();
  await Promise.all(all);
  expect(most).toBe(2);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

test('what fails leaves the gate', async () => {
  const gate = new Gate(1, 0);
  await expect(gate.through(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await gate.through(async () => 'in')).toBe('in');
});
