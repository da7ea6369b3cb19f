/** A picture on the screen must not wait longer for the rest of the work. */
const SLICE_MS = 10;

/**
 * Does long work in between of everything else.
 *
 * @param work - yields now and then
 * @returns what gives it up
 */
export function runInSlices<T>(work: Generator<void, T, void>, onDone: (result: T) => void): () => void {
  let isStopped = false;
  const go = (): void => {
    if (isStopped) return;
    const until = performance.now() + SLICE_MS;
    do {
      const { done, value } = work.next();
      if (done === true) {
        onDone(value);
        return;
      }
    } while (performance.now() < until);
    setTimeout(go);
  };
  // Not at once: who asks is in the middle of drawing.
  setTimeout(go);
  return () => {
    isStopped = true;
  };
}
