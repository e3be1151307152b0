/**
 * Puts a discussion or the meter of this paper on the page of another site.
 *
 *     <p><a href="https://paper.example/…">Discussion at The Paper</a></p>
 *     <script async src="https://paper.example/embed.js" data-thread="page:k3v9"></script>
 *
 * The link before the script is for readers without script; it is replaced when the discussion is there, and stays when
 * it cannot be had. `data-meter` in place of `data-thread` shows the meter, `data-meter="boat"` that of the campaign `boat`; `data-theme` is `light` or `dark`, else the
 * page around decides. Everything else is loaded by the first line below, from the paper alone.
 */
(async () => {
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement)) return;
  const { start } = await import("./frame.js");
  await start(script);
})();
