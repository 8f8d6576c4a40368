import { Transform } from 'node:stream';

/** A login shell may greet on standard output, from a `.bashrc` that does not look who asks. */
const longestGreeting = 256 * 1024;
const mark = 'spoor-answers-here';

/** sh that comes before a command, so that `withoutGreeting` finds where its answer begins. */
export const markAnswer = `printf '\\n%s\\n' ${mark}; `;

/** Passes on what follows the mark; nothing where the mark does not come. */
export function withoutGreeting(): Transform {
  const wanted = Buffer.from(`\n${mark}\n`);
  let held: Buffer | null = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _, done) {
      if (held === null) return done(null, chunk);
      held = Buffer.concat([held, chunk]);
      const at = held.indexOf(wanted);
      if (at >= 0) {
        const rest = held.subarray(at + wanted.length);
        held = null;
        return done(null, rest.length > 0 ? rest : undefined);
      }
      // Its end is kept: the mark may have begun.
      if (held.length > longestGreeting) held = held.subarray(-wanted.length);
      done();
    },
  });
}
