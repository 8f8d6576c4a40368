import { askFirstScreen } from './app/first-screen.ts';
import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './styles.css';

/** Milliseconds, within which a server of this machine answers: one of another is not waited for. */
const patience = 150;
const inTime = (work: Promise<void>) => Promise.race([work, new Promise((resolve) => setTimeout(resolve, patience))]);

const { asked, answered } = askFirstScreen(location);
// While a page of so much code is read, nothing more could be asked.
await inTime(asked);
const { start } = await import('./app/start.tsx');
// One drawing with all answers takes less than an empty one and others after it.
await inTime(answered);
await start();
