/** Control characters of terminals, and those that turn the direction of what follows, as `spoor ls` shows them. */
const hidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text in which nothing is seen in another order than it is written: `\u202e` for a character that would turn it
 * round. Marks of a direction stay, which people who write from the right need.
 */
export function visible(text: string): string {
  return text.replace(hidden, (character) => {
    const code = character.charCodeAt(0);
    if (code === 0x1b) return '\\e';
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
  });
}
