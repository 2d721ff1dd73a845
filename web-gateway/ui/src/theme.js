// Runs before the first paint, so that a theme which is not the system's is seen from the first frame on.
// lib/theme.ts keeps the choice.
(() => {
  try {
    const theme = localStorage.getItem('viva.theme');
    if (theme !== 'light' && theme !== 'dark') return;
    document.documentElement.dataset.theme = theme;
    document.querySelector('meta[name="color-scheme"]').content = theme;
  } catch {
    // A browser that keeps nothing has no choice to show.
  }
})();
