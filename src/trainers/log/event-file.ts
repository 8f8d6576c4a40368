/** Whether TensorBoard's writers give such a name: `events.out.tfevents.1763931307.host.4711.0`. */
export function isEventFile(name: string): boolean {
  return /^events\.out\.tfevents\.\d{9,11}\.[^/]+$/.test(name);
}
