/** Keeps a late reply from replacing a newer one. */
export function newest(): () => () => boolean {
  let asked = 0;
  let shown = 0;
  return () => {
    asked += 1;
    const mine = asked;
    /** Whether no newer reply has been shown. If so, this one counts as shown. */
    return () => {
      if (mine < shown) return false;
      shown = mine;
      return true;
    };
  };
}
