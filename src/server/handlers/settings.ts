import { SpoorError } from '../../model/errors.ts';
import type { ServerContext } from '../context.ts';
import { oneByOne } from '../guard/gate.ts';
import type { Asking, Some } from '../handler.ts';
import { UiFile } from '../ui-file.ts';

export function settingsHandlers({
  recording,
  examine,
  settings,
}: ServerContext): Some<'doctor' | 'readSettings' | 'writeSettings' | 'testReceiver' | 'readUi' | 'writeUi'> {
  const file = new UiFile(recording.home);
  const turn = oneByOne();
  return {
    doctor: async () => ({ findings: await examine() }),
    readSettings: async (_, { isLocal }) => ({ ...(await settings.read()), editable: isLocal }),
    writeSettings: async ({ body: { revision, ...change } }, asking) => {
      onlyHere(asking);
      return turn.through(() => settings.write(change, revision));
    },
    testReceiver: async ({ body: { name } }, asking) => {
      onlyHere(asking);
      return settings.test(name);
    },
    readUi: () => file.read(),
    writeUi: ({ body: { ui, revision } }) => file.write(ui, revision),
  };
}

/** Tokens and addresses would go over a network for everyone to read, and whoever listens could set others. */
function onlyHere({ isLocal }: Asking): void {
  if (isLocal) return;
  const hint = 'Open the page on this machine, or forward a port: ssh -L 7767:127.0.0.1:7767';
  throw new SpoorError('refused', 'only-here', 'settings are changed from this machine only', hint);
}
