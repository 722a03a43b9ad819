/** The look of a report: colours of the reader's choice, one column on a phone, no colour needed to understand it. */
export const STYLE = `:root {
  color-scheme: light dark;
  --page: light-dark(#ffffff, #14171c); --ink: light-dark(#1c2128, #dfe4ea); --dim: light-dark(#57606a, #9aa4af);
  --rule: light-dark(#d8dee4, #30363d); --fill: light-dark(#f4f6f8, #1d2229);
  --good: light-dark(#1a6f37, #6bd08a); --bad: light-dark(#b3261e, #ff8f85); --warn: light-dark(#8a5a00, #e6b450);
  --plain: light-dark(#4a5a6a, #9db2c8); --link: light-dark(#0a58b0, #7fb6ff);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; display: flex; flex-wrap: wrap; gap: .35rem .75rem; align-items: center; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--rule); }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p { margin: .5rem 0; max-width: 46rem; }
a { color: var(--link); }
ul { margin: .5rem 0; padding-left: 1.25rem; }
li { margin: .45rem 0; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .75rem 1.5rem; margin: 0; }
dt { color: var(--dim); font-size: .85rem; }
dd { margin: 0; }
code, pre { font: .9em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { background: var(--fill); border-radius: 4px; padding: .1em .3em; }
pre { background: var(--fill); border: 1px solid var(--rule); border-radius: 6px; padding: .6rem .75rem; margin: .5rem 0; max-height: 26rem; overflow: auto; white-space: pre-wrap; }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem; font-size: .85rem; font-weight: 600; line-height: 1.5; white-space: nowrap; }
h1 .badge { font-size: 1rem; padding: .05rem .8rem; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); } .plain { color: var(--plain); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--rule); font-weight: normal; }
thead th { color: var(--dim); font-size: .85rem; white-space: nowrap; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { width: 22%; min-width: 6rem; vertical-align: middle; padding-right: 0; }
.bar i { display: block; height: .55rem; border-radius: 3px; background: currentColor; margin-left: var(--from); width: max(2px, calc(var(--to) - var(--from))); }
@media (max-width: 40rem) {
  main { padding: 1rem .9rem 3rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, th, td { display: block; width: auto; }
  tr { border-bottom: 1px solid var(--rule); padding: .6rem 0; }
  th, td { border: 0; padding: .1rem 0; }
  td[data-of], th.n[data-of] { display: flex; gap: 1rem; justify-content: space-between; text-align: right; white-space: normal; }
  td[data-of]::before { content: attr(data-of); color: var(--dim); flex: none; }
  td[data-empty] { display: none; }
  .bar { width: auto; padding-top: .4rem; }
}
@media print {
  :root { color-scheme: light; }
  main { max-width: none; padding: 0; }
  body { font-size: 10.5pt; }
  pre { max-height: none; }
  h2, h3 { break-after: avoid; }
  tr, li, dl div { break-inside: avoid; }
  .bar i { print-color-adjust: exact; }
}
`
