/** The page of a shared site: one script that needs no module of its own, and no server. */
import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import { start } from './app/start.tsx';
import './styles.css';

void start();
