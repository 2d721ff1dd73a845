/** The light or dark theme: the system's, or the reader's choice. */

import type { Store } from './store.js';

/** The choices. */
export const THEMES = ['auto', 'light', 'dark'] as const;

/** One of the choices. */
export type Theme = (typeof THEMES)[number];

const NAME = 'viva.theme';

/** Returns the stored choice; anything else counts as none. */
export function keptTheme(store: Store): Theme {
  const kept = store.get(NAME);
  return THEMES.find((theme) => theme === kept) ?? 'auto';
}

/** Applies and stores a choice. */
export function setTheme(theme: Theme, store: Store): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  if (theme === 'auto') store.remove(NAME);
  else store.put(NAME, theme);
}
