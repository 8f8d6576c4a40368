import type { ServerContext } from '../context.ts';
import type { Some } from '../handler.ts';
import { UiFile } from '../ui-file.ts';

export function settingsHandlers(context: ServerContext): Some<'doctor' | 'readSettings' | 'readUi' | 'writeUi'> {
  const file = new UiFile(context.recording.home);
  return {
    doctor: async () => ({ findings: await context.examine() }),
    readSettings: () => context.readSettings(),
    readUi: () => file.read(),
    writeUi: ({ body: { ui, revision } }) => file.write(ui, revision),
  };
}
