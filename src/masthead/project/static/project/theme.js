// Before the first paint, so that nothing flashes: see lib/theme-switch.js and lib/gave-note.js.
try {
  const { dataset } = document.documentElement;
  const { theme, gave } = localStorage;
  if (theme) dataset.theme = theme;
  if (+gave > Date.now()) dataset.gave = "";
} catch {}
