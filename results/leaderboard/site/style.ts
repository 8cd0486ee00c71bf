/** One calm sheet for every page: light and dark, narrow and wide, screen and paper. No font and no image is loaded. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--panel:#f6f8fa;--ink:#1c2733;--faint:#5b6673;--line:#dfe4ea;--good:#0b64ad;--bad:#b8460b;--link:#0b5394;--mark:#97a1ad}
@media (prefers-color-scheme:dark){:root{--paper:#12171d;--panel:#1a212a;--ink:#e3e8ee;--faint:#9aa6b3;--line:#2d3742;--good:#7db8f0;--bad:#f2a071;--link:#8cc2f2;--mark:#66727f}}
*{box-sizing:border-box}
html{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;background:var(--paper);color:var(--ink)}
body{margin:0 auto;padding:1.5rem clamp(1rem,3vw,2.5rem) 4rem;max-width:92rem;overflow-wrap:anywhere}
h1{font-size:1.7rem;line-height:1.2;margin:.4rem 0 .3rem;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2.4rem 0 .5rem}
h3{font-size:1rem;margin:1.4rem 0 .3rem}
p,ul,ol,dl{max-width:46rem}
a{color:var(--link)}
a:focus-visible,button:focus-visible,select:focus-visible,input:focus-visible+label,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;padding:0;margin:0;max-width:none}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.4rem .8rem}
.lead{color:var(--faint);margin:.2rem 0 1rem}
.faint,small{color:var(--faint)}
small{font-size:.78rem}
.num{font-variant-numeric:tabular-nums}
.note{border-left:4px solid var(--bad);background:var(--panel);padding:.5rem .9rem;margin:1rem 0;max-width:52rem}
.view{position:absolute;opacity:0;pointer-events:none}
.view+label{display:inline-block;padding:.35rem .9rem;border:1px solid var(--mark);margin:0 .4rem .3rem 0;border-radius:6px;cursor:pointer;background:var(--paper)}
.view:checked+label{background:var(--ink);color:var(--paper);border-color:var(--ink)}
#view-effect:not(:checked)~* .change{display:none}
#view-effect:checked~* .level{display:none}
.filters{display:flex;flex-wrap:wrap;gap:.6rem 1.2rem;margin:1rem 0;align-items:end}
.filters[hidden]{display:none}
.filters label{min-width:0;max-width:100%;display:flex;flex-direction:column;font-size:.8rem;color:var(--faint)}
.filters label.tick{flex-direction:row;gap:.4rem;align-items:center;padding-bottom:.4rem}
select{max-width:min(20rem,100%);font:inherit;font-size:.95rem;padding:.25rem .4rem;background:var(--paper);color:var(--ink);border:1px solid var(--mark);border-radius:4px}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px;max-width:100%;width:fit-content}
table{border-collapse:separate;border-spacing:0;font-size:.92rem}
th,td{overflow-wrap:break-word;padding:.45rem .55rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
tbody:last-child tr:last-child>*{border-bottom:0}
thead th{background:var(--panel);font-weight:600;white-space:nowrap;border-bottom:2px solid var(--line)}
thead th small{display:block;font-weight:400}
.board tbody th[scope=row]{position:sticky;left:0;background:var(--paper);font-weight:500;min-width:11rem;max-width:19rem;overflow-wrap:anywhere;border-right:1px solid var(--line)}
.board thead th:first-child{position:sticky;left:0;z-index:1}
.board td{min-width:8.6rem;white-space:nowrap}
.lineage th{background:var(--panel);font-weight:600;font-size:.85rem;color:var(--faint)}
tr[hidden],tbody[hidden]{display:none}
.branch{color:var(--mark)}
.indent-1{padding-left:0}.indent-2{padding-left:1.1rem}.indent-3{padding-left:2.2rem}.indent-4{padding-left:3.3rem}
table.flat .branch,table.flat tr.lineage{display:none}table.flat [class^=indent]{padding-left:0}
.value{font-weight:600;font-variant-numeric:tabular-nums}
.pm{color:var(--faint);font-variant-numeric:tabular-nums}
.group{display:inline-block;min-width:1.5em;text-align:center;border:1px solid var(--mark);border-radius:3px;font-weight:600;font-size:.75rem;padding:0 .3em;color:var(--ink)}
.under{display:block;font-weight:400;font-size:.78rem;color:var(--faint);white-space:normal}
.better{color:var(--good);font-weight:600}
.worse{color:var(--bad);font-weight:600}
svg.bar{display:block;width:7.5rem;height:.6rem;margin:.15rem 0}
svg.bar .axis{stroke:var(--line);stroke-width:1}
svg.bar .span{stroke:var(--faint);stroke-width:3}
svg.bar .dot{fill:var(--ink)}
svg.bar .chance{stroke:var(--mark);stroke-width:1.5;stroke-dasharray:1.5 1.5}
dl.facts{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.25rem 1.2rem;max-width:60rem}
dl.facts dt{color:var(--faint)}
dl.facts dd{margin:0;overflow-wrap:anywhere}
code{font:.86em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{background:var(--panel);padding:.7rem .9rem;border-radius:6px;overflow-x:auto;max-width:60rem;white-space:pre-wrap;overflow-wrap:anywhere}
footer{margin-top:3rem;color:var(--faint);font-size:.85rem}
.names td,.names th{white-space:normal}
@media (max-width:42rem){.board tbody th[scope=row]{min-width:8rem;max-width:9.5rem}}
@page{margin:15mm 14mm}
@media print{html{font-size:10px}body{padding:0;max-width:none}.filters,.skip,nav,.view+label:not(.view:checked+label){display:none}.scroll{border:0;overflow:visible}.board tbody th[scope=row]{position:static}a{color:inherit;text-decoration:none}tr{break-inside:avoid}}
`;
