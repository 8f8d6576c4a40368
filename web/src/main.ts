import { askFirstScreen } from './app/first-screen.ts';
import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './styles.css';

/** Milliseconds for which one drawing with all answers is better than an empty one before it. */
const patience = 150;

const asked = askFirstScreen(location);
const { start } = await import('./app/start.tsx');
await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, patience))]);
await start();
