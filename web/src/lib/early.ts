/**
 * What the first screen asks for is asked while the page itself is still loaded and read: by the time it stands, the
 * answers are there. Who asks the same afterwards is given them, once.
 */
interface Early {
  promise: Promise<unknown>;
  /** Undefined until it has come. */
  answer: unknown;
}

const asked = new Map<string, Early>();

export function keepEarly<T>(key: string, promise: Promise<T>): Promise<T> {
  const early: Early = { promise, answer: undefined };
  asked.set(key, early);
  promise.then(
    (answer) => {
      early.answer = answer;
    },
    // Whoever takes it hears of it.
    () => {},
  );
  return promise;
}

export function takeEarly(key: string): Promise<unknown> | undefined {
  const early = asked.get(key);
  asked.delete(key);
  return early?.promise;
}

/** What was asked early is out of date. */
export function forgetEarly(): void {
  asked.clear();
}

/** Only what has come by now; what has not stays. */
export function takeArrived(key: string): unknown {
  const answer = asked.get(key)?.answer;
  if (answer !== undefined) asked.delete(key);
  return answer;
}
