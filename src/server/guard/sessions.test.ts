import { describe, expect, it } from 'vitest';
import { Sessions } from './sessions.ts';

describe('sessions', () => {
  it('give a token away once', () => {
    const sessions = new Sessions();
    const token = sessions.makeLink();
    const cookie = sessions.enter(token);
    expect(cookie).toMatch(/^[\w-]{43}$/);
    expect(sessions.isCookie(cookie as string)).toBe(true);
    expect(sessions.enter(token)).toBeNull();
    sessions.leave(cookie as string);
    expect(sessions.isCookie(cookie as string)).toBe(false);
  });

  it('do not take one kind of token for another', () => {
    const sessions = new Sessions();
    const token = sessions.makeLink();
    expect(sessions.isBearer(token)).toBe(false);
    expect(sessions.isCookie(token)).toBe(false);
    expect(sessions.enter(sessions.bearer)).toBeNull();
    expect(sessions.isBearer(sessions.bearer)).toBe(true);
  });

  it('stop looking at tokens when too many were wrong, and look again a minute later', () => {
    let now = 0;
    const sessions = new Sessions(() => now);
    for (let i = 0; i < 19; i++) sessions.enter('wrong');
    expect(sessions.isGuessed()).toBe(false);
    sessions.isBearer('wrong');
    expect(sessions.isGuessed()).toBe(true);
    now = 61_000;
    expect(sessions.isGuessed()).toBe(false);
  });

  it('drop the oldest of too many', () => {
    const sessions = new Sessions();
    const cookies = Array.from({ length: 65 }, () => sessions.enter(sessions.makeLink()) as string);
    expect(sessions.isCookie(cookies[0] as string)).toBe(false);
    expect(cookies.slice(1).every((each) => sessions.isCookie(each))).toBe(true);
  });
});
