import { describe, expect, test } from 'vitest';
import { browserCommands } from './open-browser.ts';

const chosen = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform = 'linux', isWsl = false) =>
  browserCommands(env, platform, isWsl).map((each) => each.join(' '));

describe('the browser', () => {
  test('is the one that $BROWSER names, several with colons', () => {
    expect(chosen({ BROWSER: 'firefox --new-tab %s:w3m', DISPLAY: ':0' })).toEqual(['firefox --new-tab %s', 'w3m']);
    expect(chosen({ BROWSER: 'w3m', SSH_CONNECTION: '192.0.2.1 5 192.0.2.2 22' })).toEqual(['w3m']);
  });

  test('is that of the system where there is a screen', () => {
    expect(chosen({ DISPLAY: ':0' })).toEqual(['xdg-open']);
    expect(chosen({ WAYLAND_DISPLAY: 'wayland-0' })).toEqual(['xdg-open']);
    expect(chosen({}, 'darwin')).toEqual(['open']);
    expect(chosen({}, 'linux', true)).toEqual(['wslview', 'explorer.exe']);
  });

  test('is none without a screen, or where the screen is at the other end of ssh', () => {
    expect(chosen({})).toEqual([]);
    expect(chosen({ DISPLAY: 'localhost:10.0', SSH_CONNECTION: '192.0.2.1 5 192.0.2.2 22' })).toEqual([]);
    expect(chosen({ SSH_TTY: '/dev/pts/1' }, 'darwin')).toEqual([]);
  });
});
