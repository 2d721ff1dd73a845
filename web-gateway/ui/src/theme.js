// Runs before the first paint, so that the first frame already has a theme that differs from the system's.
// lib/theme.ts stores the choice.
(() => {
  try {
    const theme = localStorage.getItem('viva.theme');
    if (theme !== 'light' && theme !== 'dark') return;
    document.documentElement.dataset.theme = theme;
    document.querySelector('meta[name="color-scheme"]').content = theme;
  } catch {
    // A browser without storage has no choice to apply.
  }
})();
