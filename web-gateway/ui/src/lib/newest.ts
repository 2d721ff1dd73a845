/** Of several that were asked for one after the other, a reply that comes late must not take the place
 * of a newer one. */
export function newest(): () => () => boolean {
  let asked = 0;
  let shown = 0;
  return () => {
    asked += 1;
    const mine = asked;
    /** Whether nothing newer has been shown; what is shown from here on is newer than before. */
    return () => {
      if (mine < shown) return false;
      shown = mine;
      return true;
    };
  };
}
