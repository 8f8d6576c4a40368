/** Who may change the settings file through the interface. What is written is the business of `src/cli/settings`. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeApp } from './app.ts';
import type { ServerContext } from './context.ts';
import { Sessions } from './guard/sessions.ts';
import type { Handlers } from './handler.ts';
import { settingsHandlers } from './handlers/settings.ts';
import { serveHome, type TestServer } from './testing/served-home.ts';

const sessions = new Sessions();
let server: TestServer;
beforeAll(async () => {
  server = await serveHome();
});
afterAll(() => server[Symbol.asyncDispose]());

describe('the settings', () => {
  const change = { settings: { 'keep.checkpoints': 'all' }, revision: '0' };

  it('are read and changed from this machine', async () => {
    expect(await server.ask('readSettings', {})).toMatchObject({ file: '/nowhere', editable: true });
    expect((await server.ask('writeSettings', { body: change })).saved).toBe(true);
    expect((await server.ask('testReceiver', { body: { name: 'phone' } })).outcome).toBe('sent');
  });

  it('take no key that a receiver does not have', async () => {
    const receivers = { phone: { argv: ['rm'] } } as Record<string, object>;
    const asked = server.ask('writeSettings', { body: { ...change, receivers } });
    await expect(asked).rejects.toMatchObject({ status: 400, code: 'bad-request' });
  });

  it('are changed by nobody who comes over a network, whoever it is', async () => {
    const settings = { read: vi.fn(async () => ({ editable: true })), write: vi.fn(), test: vi.fn() };
    const app = makeApp({
      handlers: settingsHandlers({
        recording: { home: server.home },
        settings,
      } as unknown as ServerContext) as Handlers,
      sessions,
      hosts: () => ({ isOwn: () => true }),
      cookieName: () => 'spoor',
      page: async () => new Response(),
      tell: () => {},
    });
    const over = (remoteAddress: string | undefined, method: string, path: string, body?: object) => {
      const headers = { authorization: `Bearer ${sessions.bearer}`, 'content-type': 'application/json' };
      const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
      return app.request(`http://lair:1${path}`, init, { incoming: { socket: { remoteAddress } } });
    };
    for (const address of ['192.168.1.7', '::ffff:192.168.1.7', 'fe80::1', '', undefined]) {
      const answers = [
        await over(address, 'PUT', '/api/settings', change),
        await over(address, 'POST', '/api/settings/test', { name: 'phone' }),
      ];
      expect([address, answers.map(({ status }) => status)]).toEqual([address, [403, 403]]);
      expect(await answers[0]?.json()).toMatchObject({ error: { code: 'only-here' } });
      expect(await (await over(address, 'GET', '/api/settings')).json()).toEqual({ editable: false });
    }
    expect([settings.write.mock.calls, settings.test.mock.calls]).toEqual([[], []]);
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      expect(await (await over(address, 'GET', '/api/settings')).json()).toEqual({ editable: true });
      await over(address, 'PUT', '/api/settings', change);
    }
    expect(settings.write.mock.calls).toEqual(Array(3).fill([{ settings: change.settings, receivers: {} }, '0']));
  });
});
