/** Light or dark: as the system has it, or as the reader has chosen. */

import type { Store } from './store.js';

/** The choices. */
export const THEMES = ['auto', 'light', 'dark'] as const;

/** What the reader has chosen. */
export type Theme = (typeof THEMES)[number];

const NAME = 'viva.theme';

/** The choice that is kept; what is no choice counts as none. */
export function keptTheme(store: Store): Theme {
  const kept = store.get(NAME);
  return THEMES.find((theme) => theme === kept) ?? 'auto';
}

/** Shows a choice and keeps it. */
export function setTheme(theme: Theme, store: Store): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  if (theme === 'auto') store.remove(NAME);
  else store.put(NAME, theme);
}
