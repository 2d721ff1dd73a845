/** The time of day, for whatever says how long something has lasted. */
export class Clock {
  /** Milliseconds since 1970, a second old at most. */
  now = $state(Date.now());

  /** Keeps time until the returned function is called. */
  start(): () => void {
    const timer = setInterval(() => (this.now = Date.now()), 1_000);
    return () => clearInterval(timer);
  }
}
