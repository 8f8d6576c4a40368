import { describe, expect, it } from 'vitest';
import { isLoopback, ownHosts } from './hosts.ts';

describe('the names a server answers to', () => {
  it('are those of the loopback with its port, and no other', () => {
    const { isOwn } = ownHosts('127.0.0.1', 7767, 'lair');
    for (const name of ['127.0.0.1:7767', 'localhost:7767', 'LocalHost:7767', '[::1]:7767'])
      expect([name, isOwn(name)]).toEqual([name, true]);
    for (const name of [
      'evil.example:7767',
      'localhost',
      '127.0.0.1:80',
      'localhost.evil.example:7767',
      'lair:7767',
      '',
    ])
      expect([name, isOwn(name)]).toEqual([name, false]);
    expect(isOwn(undefined)).toBe(false);
  });

  it('hold the machine where it is open to the network', () => {
    const { isOwn } = ownHosts('0.0.0.0', 7767, 'Lair');
    expect(isOwn('lair:7767')).toBe(true);
    expect(isOwn('evil.example:7767')).toBe(false);
  });

  it('tell the loopback from all else', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', 'localhost'].map(isLoopback)).toEqual([true, true, true, true]);
    expect(['0.0.0.0', '::', '192.168.1.2', 'localhost.evil.example', 'lair'].map(isLoopback)).toEqual(
      Array(5).fill(false),
    );
  });
});
