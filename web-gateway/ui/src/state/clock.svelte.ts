/** The current time, for texts that say how long something has lasted. */
export class Clock {
  /** Milliseconds since 1970, at most a second old. */
  now = $state(Date.now());

  /** Keeps time until the returned function is called. */
  start(): () => void {
    const timer = setInterval(() => (this.now = Date.now()), 1_000);
    return () => clearInterval(timer);
  }
}
