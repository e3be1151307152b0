// Runs before the first paint, so that a chosen theme never flashes. Set by lib/theme-switch.js.
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {}
