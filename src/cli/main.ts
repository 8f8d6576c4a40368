export async function main(): Promise<void> {
  process.stderr.write('spoor: nothing here yet\n');
}
