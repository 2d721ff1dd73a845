/** Erases what was loaded. `lib/loaded`, which stores it, is in the other screens' script. */

/** The database's name. */
export const LOADED = 'viva-loaded';

/** Erases everything that was loaded in this browser, by any account. */
export function forgetLoaded(): void {
  try {
    indexedDB.deleteDatabase(LOADED);
  } catch {
    // A browser without IndexedDB has nothing to erase.
  }
}
