/** Measures how long a question has been worked on while its page was visible. */
export class Stopwatch {
  /** The time measured, in milliseconds. */
  ms = $state(0);
  /** Whether the user has paused it. */
  isPaused = $state(false);

  constructor(ms: number) {
    this.ms = ms;
  }

  /** Counts until the returned function is called. */
  start(): () => void {
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      // While the machine slept, nobody worked on the question.
      if (!document.hidden && !this.isPaused) this.ms += Math.min(now - last, 2_000);
      last = now;
    }, 1_000);
    return () => clearInterval(timer);
  }
}
