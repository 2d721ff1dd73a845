/** How long a question has been worked on, while its page was to be seen. */
export class Stopwatch {
  /** Milliseconds. */
  ms = $state(0);

  constructor(ms: number) {
    this.ms = ms;
  }

  /** Counts until the returned function is called. */
  start(): () => void {
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      // A machine that slept has not worked on the question.
      if (!document.hidden) this.ms += Math.min(now - last, 2_000);
      last = now;
    }, 1_000);
    return () => clearInterval(timer);
  }
}
